"""A request runs in one piece of memory, however deep in the stack of the server it begins."""

import resource
import subprocess
import sys

from portal.frames import SLOTS, with_room

DEPTHS = range(0, 120, 3)
CALLS = 400


def calls_across_an_edge(environ, start_response):
    """Call and return again and again, as a page does, from a few depths."""

    def nested(depth):
        return nested(depth - 1) if depth else 0

    for _number in range(CALLS):
        nested(environ["calls"])
    return ["done"]


def fetched(ask, depth):
    """Return how often memory was fetched while `ask` was called so deep in the stack."""
    if depth:
        return fetched(ask, depth - 1)
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    ask({"calls": 3}, None)
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def test_a_request_fetches_its_memory_once_at_any_depth():
    with_room(calls_across_an_edge)({"calls": 3}, None)

    assert max(fetched(with_room(calls_across_an_edge), depth) for depth in DEPTHS) < CALLS / 4
    # Without the room some depth has the edge between a caller and what it calls.
    assert max(fetched(calls_across_an_edge, depth) for depth in DEPTHS) >= CALLS


def test_the_answer_and_the_request_pass_as_they_are():
    assert with_room(calls_across_an_edge)({"calls": 0}, None) == ["done"]


def test_the_door_for_the_web_server_has_the_room():
    told = "from portal.wsgi import application; print(application.__code__.co_stacksize)"

    # In a process of its own, as the door also changes how the process waits for the database.
    assert int(subprocess.check_output([sys.executable, "-c", told])) == SLOTS
