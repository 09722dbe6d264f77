from .access import AccessRecord
from .event import ChainHead, Event, EventComment, EventCompanion
from .message import Message
from .process import Process, ProcessQuerySet
from .user import User

__all__ = [
    "AccessRecord",
    "ChainHead",
    "Event",
    "EventComment",
    "EventCompanion",
    "Message",
    "Process",
    "ProcessQuerySet",
    "User",
]
