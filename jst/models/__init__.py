from .events import JstEvent
from .experts import ConflictDeclaration, Expert, ExpertAssignment
from .figures import ExamResult, Population
from .imports import RegisterChange, RegisterImport, RejectedRow
from .programme import Edition, Operator, OperatorStaff, Project
from .register import Jst, JstPeriod
from .schools import School
from .team import Invitation, Participation, SchoolScope, TeamMembership

__all__ = [
    "ConflictDeclaration",
    "Edition",
    "ExamResult",
    "Expert",
    "ExpertAssignment",
    "Invitation",
    "Jst",
    "JstEvent",
    "JstPeriod",
    "Operator",
    "OperatorStaff",
    "Participation",
    "Population",
    "Project",
    "RegisterChange",
    "RegisterImport",
    "RejectedRow",
    "School",
    "SchoolScope",
    "TeamMembership",
]
