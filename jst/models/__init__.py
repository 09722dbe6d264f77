from .events import JstEvent
from .experts import ConflictDeclaration, Expert, ExpertAssignment
from .imports import RegisterChange, RegisterImport, RegisterUpload, RejectedRow, Source, UploadLine
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
    "Jst",
    "JstEvent",
    "JstPeriod",
    "Operator",
    "OperatorStaff",
    "Participation",
    "Project",
    "RegisterChange",
    "RegisterImport",
    "RegisterUpload",
    "RejectedRow",
    "School",
    "SchoolScope",
    "Source",
    "TeamMembership",
    "UploadLine",
]
