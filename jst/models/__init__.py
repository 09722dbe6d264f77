from .applications import (
    ApplicantLink,
    Application,
    ApplicationDecision,
    ApplicationPerson,
    ApplicationSchool,
    ApplicationScore,
)
from .events import JstEvent
from .experts import ConflictDeclaration, ConflictStatement, Expert, ExpertAssignment
from .figures import ExamResult, Population
from .imports import RegisterChange, RegisterImport, RegisterUpload, RejectedRow, Source, UploadLine
from .joining import JoinRequest, Nomination
from .participants import (
    FieldOption,
    ParticipantData,
    ParticipantDataSetup,
    ParticipantValue,
    Profile,
)
from .people import DistinctPeople, LikelyDuplicate, MergedPerson
from .programme import Competition, Edition, LogoLine, Operator, OperatorStaff, Project
from .recruitment import Call, EligibilityQuestion, Quota, ScoringCriterion
from .register import Jst, JstPeriod
from .schools import School
from .targets import Target
from .team import Invitation, Participation, SchoolScope, TeamMembership

__all__ = [
    "Competition",
    "ApplicantLink",
    "Application",
    "ApplicationDecision",
    "ApplicationPerson",
    "ApplicationSchool",
    "ApplicationScore",
    "Call",
    "ConflictDeclaration",
    "ConflictStatement",
    "DistinctPeople",
    "Edition",
    "EligibilityQuestion",
    "ExamResult",
    "Expert",
    "ExpertAssignment",
    "FieldOption",
    "Invitation",
    "JoinRequest",
    "Jst",
    "JstEvent",
    "JstPeriod",
    "LogoLine",
    "LikelyDuplicate",
    "MergedPerson",
    "Nomination",
    "Operator",
    "OperatorStaff",
    "ParticipantData",
    "ParticipantDataSetup",
    "ParticipantValue",
    "Participation",
    "Population",
    "Profile",
    "Project",
    "Quota",
    "RegisterChange",
    "RegisterImport",
    "RegisterUpload",
    "RejectedRow",
    "School",
    "SchoolScope",
    "Target",
    "ScoringCriterion",
    "Source",
    "TeamMembership",
    "UploadLine",
]
