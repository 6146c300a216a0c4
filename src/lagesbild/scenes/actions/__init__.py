"""What may be changed of open drug scenes."""

from lagesbild.scenes.actions.assessments import AnswerText, EvidenceText, assess, record_dissent, set_focus
from lagesbild.scenes.actions.origins import (
    OriginText,
    change_letter,
    draft_letter,
    ensure_published_shares,
    import_origins,
    log_letter_sent,
)
from lagesbild.scenes.actions.recipes import record_recipe
from lagesbild.scenes.actions.register import (
    change_scene,
    create_scene,
    end_scene,
    ensure_round,
    ensure_scene,
    link_scenes,
    outline_scene,
)
from lagesbild.scenes.actions.watch import dismiss

__all__ = [
    "AnswerText",
    "EvidenceText",
    "OriginText",
    "assess",
    "change_letter",
    "change_scene",
    "create_scene",
    "dismiss",
    "draft_letter",
    "end_scene",
    "ensure_published_shares",
    "ensure_round",
    "ensure_scene",
    "import_origins",
    "link_scenes",
    "log_letter_sent",
    "outline_scene",
    "record_dissent",
    "record_recipe",
    "set_focus",
]
