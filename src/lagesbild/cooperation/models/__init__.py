"""What is worked on together: forums, matters and the action plan.

``forums`` stands first, ``matters`` rests on it, ``plan`` on both.
"""

from lagesbild.cooperation.models.forums import Forum, ForumLevel, ForumMember, Participation
from lagesbild.cooperation.models.matters import (
    Feedback,
    Matter,
    MatterState,
    Raiser,
    Step,
    StepKind,
)
from lagesbild.cooperation.models.plan import Action, ActionChange, ActionState, ActionType, Evidence

__all__ = [
    "Action",
    "ActionChange",
    "ActionState",
    "ActionType",
    "Evidence",
    "Feedback",
    "Forum",
    "ForumLevel",
    "ForumMember",
    "Matter",
    "MatterState",
    "Participation",
    "Raiser",
    "Step",
    "StepKind",
]
