"""Who may ask for the addresses of places."""

from __future__ import annotations

from lagesbild.accounts.access import Capability
from tests.architecture.permission_matrix import Row

ROWS = {
    "places:base_map": Row(get=Capability.READ),
}
