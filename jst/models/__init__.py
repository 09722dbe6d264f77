from .applications import (
    ApplicantLink,
    Application,
    ApplicationDecision,
    ApplicationPerson,
    ApplicationSchool,
    ApplicationScore,
)
from .events import JstEvent
from .experts import ConflictDeclaration, Expert, ExpertAssignment
from .imports import RegisterChange, RegisterImport, RejectedRow
from .programme import Edition, Operator, OperatorStaff, Project
from .recruitment import Call, EligibilityQuestion, Quota, ScoringCriterion
from .register import Jst, JstPeriod
from .schools import School
from .team import Invitation, Participation, SchoolScope, TeamMembership

__all__ = [
    "ApplicantLink",
    "Application",
    "ApplicationDecision",
    "ApplicationPerson",
    "ApplicationSchool",
    "ApplicationScore",
    "Call",
    "ConflictDeclaration",
    "Edition",
    "EligibilityQuestion",
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
    "Quota",
    "RegisterChange",
    "RegisterImport",
    "RejectedRow",
    "School",
    "SchoolScope",
    "ScoringCriterion",
    "TeamMembership",
]
