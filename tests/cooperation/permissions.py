"""Who may ask for the addresses of cooperation. Each topic has its rows in its own folder."""

from __future__ import annotations

from tests.cooperation.forums.permissions import ROWS as FORUMS
from tests.cooperation.matters.permissions import ROWS as MATTERS
from tests.cooperation.plan.permissions import ROWS as PLAN

ROWS = {**FORUMS, **MATTERS, **PLAN}
