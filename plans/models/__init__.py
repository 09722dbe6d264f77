from .adoption import AdoptionAct
from .content import (
    CONTENT_MODELS,
    Action,
    ActionCost,
    BudgetLine,
    Debate,
    Evidence,
    Goal,
    PlanIndicator,
    Risk,
    SchoolCommitment,
    StoredFile,
    SwotItem,
    Text,
)
from .decision import ChangeRequest, DeadlineExtension, Decision
from .events import PlanEvent
from .flag import Flag, RemarkPhrase
from .plan import NumberSequence, Plan, PlanVersion
from .review import Remark, Review, ReviewScore, ScoreRecord, SecondOpinion, SectionVerdict
from .section import SectionRevision, SectionState
from .shelf import Challenge, PlanChallenge, ShelvedForm, ShelvedWord
from .teamwork import EditPresence, InternalComment
from .template import (
    CriteriaSet,
    Criterion,
    EditionSetup,
    KeyCompetence,
    PlanTemplate,
    RequiredField,
    RuleSetting,
    TemplateSection,
)
from .transfer import PlanUpload

__all__ = [
    "CONTENT_MODELS",
    "Action",
    "ActionCost",
    "AdoptionAct",
    "BudgetLine",
    "Challenge",
    "ChangeRequest",
    "CriteriaSet",
    "Criterion",
    "DeadlineExtension",
    "Debate",
    "Decision",
    "EditPresence",
    "EditionSetup",
    "Evidence",
    "Flag",
    "Goal",
    "InternalComment",
    "KeyCompetence",
    "NumberSequence",
    "Plan",
    "PlanChallenge",
    "PlanEvent",
    "PlanIndicator",
    "PlanTemplate",
    "PlanUpload",
    "PlanVersion",
    "Remark",
    "RemarkPhrase",
    "RequiredField",
    "Review",
    "ReviewScore",
    "Risk",
    "RuleSetting",
    "SchoolCommitment",
    "ScoreRecord",
    "SecondOpinion",
    "SectionRevision",
    "SectionState",
    "SectionVerdict",
    "ShelvedForm",
    "ShelvedWord",
    "StoredFile",
    "SwotItem",
    "TemplateSection",
    "Text",
]
