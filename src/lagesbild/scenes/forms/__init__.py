"""What comes in from the pages of scenes: shape and format."""

from lagesbild.scenes.forms.assessing import AssessForm, DissentForm, FocusForm
from lagesbild.scenes.forms.register import EndForm, GroundForm, LinkForm, RoundForm, SceneForm

__all__ = [
    "AssessForm",
    "DissentForm",
    "EndForm",
    "FocusForm",
    "GroundForm",
    "LinkForm",
    "RoundForm",
    "SceneForm",
]
