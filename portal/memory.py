"""What one request has already asked the database, so that twenty buttons cost one query.

Outside a request nothing is remembered: commands, jobs and tests always get a fresh answer.
"""

from contextvars import ContextVar

_answers = ContextVar("answers", default=None)


def within_request(get_response):
    """Middleware: a memory of its own for each request."""

    def middleware(request):
        token = _answers.set({})
        try:
            return get_response(request)
        finally:
            _answers.reset(token)

    return middleware


def once(key, ask):
    """Return what `ask()` answers; within a request it is asked only once for each `key`."""
    answers = _answers.get()
    if answers is None:
        return ask()
    if key not in answers:
        answers[key] = ask()
    return answers[key]


def remembered(key):
    """Return what was answered for `key` in this request, or None where nobody asked yet."""
    return (_answers.get() or {}).get(key)


def forget():
    """Drop what this request remembers: something it may have asked about has changed."""
    answers = _answers.get()
    if answers is not None:
        answers.clear()
