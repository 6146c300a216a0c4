"""What may be changed of open drug scenes."""

from lagesbild.scenes.actions.assessments import AnswerText, EvidenceText, assess, record_dissent, set_focus
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
    "assess",
    "change_scene",
    "create_scene",
    "dismiss",
    "end_scene",
    "ensure_round",
    "ensure_scene",
    "link_scenes",
    "outline_scene",
    "record_dissent",
    "set_focus",
]
