from .events import JstEvent
from .experts import ConflictDeclaration, ConflictStatement, Expert, ExpertAssignment
from .imports import RegisterChange, RegisterImport, RejectedRow
from .programme import Competition, Edition, LogoLine, Operator, OperatorStaff, Project
from .register import Jst, JstPeriod
from .schools import School
from .targets import Target
from .team import Invitation, Participation, SchoolScope, TeamMembership

__all__ = [
    "Competition",
    "ConflictDeclaration",
    "ConflictStatement",
    "Edition",
    "Expert",
    "ExpertAssignment",
    "Invitation",
    "Jst",
    "JstEvent",
    "JstPeriod",
    "LogoLine",
    "Operator",
    "OperatorStaff",
    "Participation",
    "Project",
    "RegisterChange",
    "RegisterImport",
    "RejectedRow",
    "School",
    "SchoolScope",
    "Target",
    "TeamMembership",
]
