from .events import JstEvent
from .experts import ConflictDeclaration, Expert, ExpertAssignment
from .imports import RegisterChange, RegisterImport, RejectedRow
from .participants import (
    FieldOption,
    ParticipantData,
    ParticipantDataSetup,
    ParticipantValue,
    Profile,
)
from .people import DistinctPeople, LikelyDuplicate, MergedPerson
from .programme import Edition, Operator, OperatorStaff, Project
from .register import Jst, JstPeriod
from .schools import School
from .team import Invitation, Participation, SchoolScope, TeamMembership

__all__ = [
    "ConflictDeclaration",
    "DistinctPeople",
    "Edition",
    "Expert",
    "ExpertAssignment",
    "FieldOption",
    "Invitation",
    "Jst",
    "JstEvent",
    "JstPeriod",
    "LikelyDuplicate",
    "MergedPerson",
    "Operator",
    "OperatorStaff",
    "ParticipantData",
    "ParticipantDataSetup",
    "ParticipantValue",
    "Participation",
    "Profile",
    "Project",
    "RegisterChange",
    "RegisterImport",
    "RejectedRow",
    "School",
    "SchoolScope",
    "TeamMembership",
]
