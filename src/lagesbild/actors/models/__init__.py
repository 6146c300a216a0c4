"""Tables of actors, by topic. What rows mean together is in the modules beside this folder."""

from lagesbild.actors.models.agreements import (
    Agreement,
    AgreementVersion,
    Commitment,
    CommitmentStatus,
    Communication,
    FearCheck,
    Promise,
    PromiseProgress,
    PromiseStatus,
)
from lagesbild.actors.models.directory import (
    ActorProfile,
    CaseRoute,
    Channel,
    Contact,
    ForumClaim,
    FunctionProfile,
    Mandate,
    MandateLevel,
    Situation,
)
from lagesbild.actors.models.duty import DutyException, HolidayRule, Schedule, Shift
from lagesbild.actors.models.learning import (
    Assessment,
    Factor,
    FactorScore,
    Interview,
    Training,
    TrainingKind,
)
from lagesbild.actors.models.responsibility import ObjectKind, ResponsibilityEntry, ResponsibilityQuestion
from lagesbild.actors.models.zones import Zone, ZoneActor, ZoneKind

__all__ = [
    "ActorProfile",
    "Agreement",
    "AgreementVersion",
    "Assessment",
    "CaseRoute",
    "Channel",
    "Commitment",
    "CommitmentStatus",
    "Communication",
    "Contact",
    "DutyException",
    "Factor",
    "FactorScore",
    "FearCheck",
    "ForumClaim",
    "FunctionProfile",
    "HolidayRule",
    "Interview",
    "Mandate",
    "MandateLevel",
    "ObjectKind",
    "Promise",
    "PromiseProgress",
    "PromiseStatus",
    "ResponsibilityEntry",
    "ResponsibilityQuestion",
    "Schedule",
    "Shift",
    "Situation",
    "Training",
    "TrainingKind",
    "Zone",
    "ZoneActor",
    "ZoneKind",
]
