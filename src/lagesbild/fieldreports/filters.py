"""Which reports a list is about: one filter for page, map data and file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.fieldreports.models import Certainty, Status
from lagesbild.observations.filters import EventFilter


@dataclass(frozen=True)
class ReportFilter:
    """Time, category and place as for incidents; and what only reports have. Empty parts do not narrow."""

    events: EventFilter = field(default_factory=EventFilter)
    status: str = ""
    certainty: str = ""
    mine: bool = False

    @classmethod
    def from_query(cls, query: QueryDict) -> ReportFilter:
        """Raises `UserError` with the field that is wrong."""
        return cls(
            events=EventFilter.from_query(query),
            status=_choice("status", query.get("status", ""), Status.values),
            certainty=_choice("certainty", query.get("certainty", ""), Certainty.values),
            mine=query.get("mine") == "1",
        )

    def to_query(self) -> str:
        """The address that `from_query` reads."""
        query = QueryDict(self.events.to_query(), mutable=True)
        for name in ("status", "certainty"):
            if getattr(self, name):
                query[name] = getattr(self, name)
        if self.mine:
            query["mine"] = "1"
        return query.urlencode(safe=",")


def _choice(name: str, value: str, known: Iterable[str]) -> str:
    if value and value not in known:
        raise UserError(
            "filter.value_refused", _('"{value}" cannot be used here. Choose from the list.'), field=name, value=value
        )
    return value
