from .event import ChainHead, Event, EventComment, EventCompanion
from .idempotency import IdempotencyKey
from .message import Message
from .process import Process, ProcessQuerySet
from .user import User

__all__ = [
    "ChainHead",
    "Event",
    "EventComment",
    "EventCompanion",
    "IdempotencyKey",
    "Message",
    "Process",
    "ProcessQuerySet",
    "User",
]
