"""Which data versions frozen pictures rest on, so that the incident store keeps them."""

from __future__ import annotations

from collections.abc import Iterable

from lagesbild.accounts.models import Collaboration
from lagesbild.observations.upkeep import keeps_versions
from lagesbild.picture.queries import frozen_versions


@keeps_versions("picture")
def versions(collaboration: Collaboration) -> Iterable[int]:
    """Every version that a picture of the collaboration names."""
    return frozen_versions(collaboration)
