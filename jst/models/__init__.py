from .events import JstEvent
from .experts import ConflictDeclaration, Expert, ExpertAssignment
from .programme import Edition, Project
from .register import Jst, JstPeriod, RegisterImport, School
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
    "Participation",
    "Project",
    "RegisterImport",
    "School",
    "SchoolScope",
    "TeamMembership",
]
