from .events import JstEvent
from .experts import ConflictDeclaration, Expert, ExpertAssignment
from .imports import RegisterChange, RegisterImport, RejectedRow
from .joining import JoinRequest, Nomination
from .programme import Edition, Operator, OperatorStaff, Project
from .register import Jst, JstPeriod
from .schools import School
from .team import Invitation, Participation, SchoolScope, TeamMembership

__all__ = [
    "ConflictDeclaration",
    "Edition",
    "Expert",
    "ExpertAssignment",
    "Invitation",
    "JoinRequest",
    "Jst",
    "JstEvent",
    "JstPeriod",
    "Nomination",
    "Operator",
    "OperatorStaff",
    "Participation",
    "Project",
    "RegisterChange",
    "RegisterImport",
    "RejectedRow",
    "School",
    "SchoolScope",
    "TeamMembership",
]
