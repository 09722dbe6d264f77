"""Room for all the calls of a request in one piece of memory (docs/decisions/0027).

Python keeps the frames of calls in chunks of 16 KiB, fetches the next one at a call across the edge and gives
it back at the return. Where the edge lies in what a page does most, the page takes up to twice as long. A
chunk is made large enough for the frame that asks for it: one frame that asks for much leaves room for all
that are called from it.
"""

# Half a megabyte: the chunk becomes one of a whole, and a request needs a quarter of what is left.
SLOTS = 2**16


def with_room(application):
    """Return the WSGI application, called from a frame that brings the room for all others."""

    def called(environ, start_response):
        return application(environ, start_response)

    called.__code__ = called.__code__.replace(co_stacksize=SLOTS)
    return called
