"""Who may ask which address of the picture."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from lagesbild.accounts.access import Capability
from lagesbild.picture import actions
from lagesbild.picture.asking import Ask
from tests.architecture.permission_matrix import Row
from tests.cast import Cast
from tests.picture.world import NOW


def _frozen(cast: Cast) -> dict[str, Any]:
    """A picture of an empty store is a picture too."""
    ask = Ask.from_query(QueryDict(NOW))
    return {"pk": actions.freeze_picture(cast.anna, ask, title="Forum", note="", sharing="partners").pk}


READ = Capability.READ

ROWS = {
    "picture:picture": Row(get=READ),
    "picture:map_data": Row(get=READ),
    "picture:csv": Row(get=READ),
    "picture:pdf": Row(get=READ),
    "picture:docx": Row(get=READ),
    "picture:freeze": Row(get=Capability.FREEZE, post=Capability.FREEZE),
    "picture:frozen_list": Row(get=READ),
    "picture:frozen": Row(get=READ, kwargs=_frozen),
    "picture:comment": Row(post=Capability.COMMENT, kwargs=_frozen),
    "picture:recompute": Row(get=READ, kwargs=_frozen),
    "picture:frozen_map": Row(get=READ, kwargs=_frozen),
    "picture:frozen_csv": Row(get=READ, kwargs=_frozen),
    "picture:frozen_pdf": Row(get=READ, kwargs=_frozen),
    "picture:frozen_docx": Row(get=READ, kwargs=_frozen),
}
