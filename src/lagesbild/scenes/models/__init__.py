"""What is stored of open drug scenes: the register, the assessments, places to watch, where people come from."""

from lagesbild.scenes.models.assessments import Assessment, AssessmentAnswer, Dissent, Evidence, EvidenceKind, Focus
from lagesbild.scenes.models.guests import FeedbackLetter, OriginCount, OriginKind, OriginTable
from lagesbild.scenes.models.register import MappingRound, RoundCount, Scene, SceneLink, SceneOutline
from lagesbild.scenes.models.watch import IndexRecipe, WatchDismissal

__all__ = [
    "Assessment",
    "AssessmentAnswer",
    "Dissent",
    "Evidence",
    "EvidenceKind",
    "FeedbackLetter",
    "Focus",
    "IndexRecipe",
    "MappingRound",
    "OriginCount",
    "OriginKind",
    "OriginTable",
    "RoundCount",
    "Scene",
    "SceneLink",
    "SceneOutline",
    "WatchDismissal",
]
