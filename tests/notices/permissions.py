"""Who may ask for the addresses of notices. A notice is found by the one who was told, and by nobody else."""

from __future__ import annotations

from typing import Any

from lagesbild.accounts.access import Capability
from lagesbild.notices import muting
from tests.architecture.permission_matrix import PUBLIC, Row
from tests.cast import Cast
from tests.notices.builders import TRIAL, a_notice


def _annas(cast: Cast) -> dict[str, Any]:
    return {"pk": a_notice(cast.anna).pk}


def _link(cast: Cast) -> dict[str, Any]:
    a_notice(cast.anna)
    return {"token": muting.token(cast.anna, TRIAL)}


READ = Capability.READ
ONLY_ANNA = {"bo": 404, "dag": 404, "eva": 404, "ada": 404}

ROWS = {
    "notices:notices": Row(get=READ),
    "notices:bell": Row(get=READ),
    "notices:read_all": Row(post=READ),
    "notices:settings": Row(get=READ, post=READ),
    "notices:notice_open": Row(post=READ, kwargs=_annas, expected=ONLY_ANNA),
    "notices:notice_mute": Row(post=READ, kwargs=_annas, expected=ONLY_ANNA),
    "notices:mute": Row(get=PUBLIC, post=PUBLIC, kwargs=_link),
}
