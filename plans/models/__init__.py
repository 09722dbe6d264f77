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
from .plan import NumberSequence, Plan, PlanVersion
from .review import Remark, Review, ReviewScore, SectionVerdict
from .section import SectionRevision, SectionState
from .template import CriteriaSet, Criterion, EditionSetup, KeyCompetence, PlanTemplate, TemplateSection

__all__ = [
    "CONTENT_MODELS",
    "Action",
    "ActionCost",
    "BudgetLine",
    "ChangeRequest",
    "CriteriaSet",
    "Criterion",
    "DeadlineExtension",
    "Debate",
    "Decision",
    "EditionSetup",
    "Evidence",
    "Goal",
    "KeyCompetence",
    "NumberSequence",
    "Plan",
    "PlanEvent",
    "PlanIndicator",
    "PlanTemplate",
    "PlanVersion",
    "Remark",
    "Review",
    "ReviewScore",
    "Risk",
    "SchoolCommitment",
    "SectionRevision",
    "SectionState",
    "SectionVerdict",
    "StoredFile",
    "SwotItem",
    "TemplateSection",
    "Text",
]
