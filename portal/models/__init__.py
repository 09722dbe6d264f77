from .access import AccessRecord
from .clauses import ClauseReading, InformationClause
from .event import ChainHead, Event, EventComment, EventCompanion
from .message import Message
from .person_event import PersonEvent
from .process import Process, ProcessQuerySet
from .user import User

__all__ = [
    "AccessRecord",
    "ChainHead",
    "ClauseReading",
    "Event",
    "EventComment",
    "EventCompanion",
    "InformationClause",
    "Message",
    "PersonEvent",
    "Process",
    "ProcessQuerySet",
    "User",
]
