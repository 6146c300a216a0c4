"""``lagesbild picture``: the same picture as on the page, made from the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration
from lagesbild.accounts.queries import collaboration_named
from lagesbild.core.errors import UserError
from lagesbild.picture import answer, flat, prints, queries, texts
from lagesbild.picture.answer import Answer
from lagesbild.picture.asking import COMPARISONS, Ask
from lagesbild.picture.content import PictureContent
from lagesbild.picture.ground import Ground

SUFFIXES = (".pdf", ".docx", ".json", ".csv")


@click.command()
@click.option("--collaboration", "slug", required=True, metavar="SLUG", help="The collaboration, by its short name.")
@click.option("--area", "areas", multiple=True, metavar="NAME", help="An area by name or code, or a place by name.")
@click.option("--from", "from_on", metavar="DATE", help="First day, such as 2018-01-01. Default: half a year of data.")
@click.option("--to", "to_on", metavar="DATE", help="Last day, included.")
@click.option("--category", "categories", multiple=True, metavar="CODE", help="A category by code or name.")
@click.option("--hour", "hours", multiple=True, metavar="HOURS", help="Hours of the day, such as 22-4.")
@click.option("--weekday", "weekdays", multiple=True, metavar="DAYS", help="1 Monday to 7 Sunday, such as 5-6.")
@click.option("--month", "months", multiple=True, metavar="MONTHS", help="Months of the year, such as 6-8.")
@click.option("--source", "sources", multiple=True, metavar="SLUG", help="A source by its short name. Default: all.")
@click.option("--by", default="", metavar="SLUG", help="Area set to count by. Default: what suits the data.")
@click.option("--compare", type=click.Choice(COMPARISONS), default="year", help="Same period last year, period before.")
@click.option("--language", type=click.Choice(("sv", "en")), help="Language of the file. Default: that of the server.")
@click.option("-o", "--output", "path", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--json", "as_json", is_flag=True, help="Say what was made as JSON.")
def picture(
    slug: str,
    areas: tuple[str, ...],
    from_on: str | None,
    to_on: str | None,
    categories: tuple[str, ...],
    hours: tuple[str, ...],
    weekdays: tuple[str, ...],
    months: tuple[str, ...],
    sources: tuple[str, ...],
    by: str,
    compare: str,
    language: str | None,
    path: Path,
    as_json: bool,
) -> None:
    """Make a situational picture as FILE: .pdf, .docx, .json or .csv.

    The figures are those of the page with the same choices, as the owner of the data sees them: nothing is hidden.

    \b
    lagesbild picture --collaboration klara --from 2018-07-01 --to 2018-12-31 -o klara.pdf
    lagesbild picture --collaboration klara --area "Sergels torg" --category narcotics -o torget.docx
    lagesbild picture --collaboration sverige --area Uppsala --compare previous -o uppsala.json
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UserError(
            "picture.file_kind_unknown",
            _('"{name}" is no kind of file that can be made. The name ends with .pdf, .docx, .json or .csv.'),
            field="output",
            name=path.name,
        )
    collaboration = _collaboration(slug)
    ground = queries.ground(collaboration, None)
    area_ids, place = _where(areas, ground)
    query = {
        "from": from_on or "",
        "to": to_on or "",
        "category": [_category(text, ground) for text in categories],
        "area": [str(pk) for pk in area_ids],
        "place": str(place or ""),
        "hour": list(hours),
        "weekday": list(weekdays),
        "month": list(months),
        "source": list(sources),
        "compare": compare,
        "by": by,
    }
    prepared = answer.prepare(collaboration, None, Ask.from_query(query), ground=ground)
    found = answer.answer(prepared, None)
    with translation.override(language or translation.get_language()):
        path.write_bytes(_bytes(found.content, path.suffix.lower(), collaboration))
        click.echo(_said(found, path, as_json=as_json))


def _collaboration(slug: str) -> Collaboration:
    collaboration = collaboration_named(slug)
    if collaboration is None:
        raise UserError(
            "collaborations.unknown", _('There is no collaboration "{slug}".'), field="collaboration", slug=slug
        )
    return collaboration


def _where(texts_: Sequence[str], ground: Ground) -> tuple[list[int], int | None]:
    """Area numbers, or the one place. A name in several sets means the area of the set with the fewest areas."""
    ids, places = [], []
    for text in texts_:
        found = _area_named(text, ground)
        if found is not None:
            ids.append(found)
            continue
        place = next((each.id for each in ground.places if each.name.casefold() == text.casefold()), None)
        if place is None:
            raise UserError("picture.area_unknown", _('There is no area or place "{name}".'), field="area", name=text)
        places.append(place)
    if len(places) > 1 or (places and ids):
        raise UserError("picture.one_place", _("Choose one place, or any number of areas."), field="area")
    return ids, places[0] if places else None


def _area_named(text: str, ground: Ground) -> int | None:
    wanted = text.casefold()
    for each in sorted(ground.area_sets, key=lambda one: len(one.areas)):
        for area in each.areas:
            if wanted in (area.code.casefold(), area.name.casefold()):
                return area.id
    return None


def _category(text: str, ground: Ground) -> str:
    """The code; names work too."""
    wanted = text.casefold()
    for node in ground.mapping.nodes:
        if wanted in (node.code.casefold(), node.name.casefold(), node.name_en.casefold()):
            return node.code
    return text


def _bytes(content: PictureContent, suffix: str, collaboration: Collaboration) -> bytes:
    if suffix == ".json":
        return (json.dumps(content.to_dict(), ensure_ascii=False, indent=1) + "\n").encode()
    if suffix == ".csv":
        return ("\ufeff" + flat.to_csv(content)).encode()
    kind: prints.Kind = "pdf" if suffix == ".pdf" else "docx"
    language = translation.get_language() or "sv"
    return prints.to_file(content, kind, language=language, collaboration=collaboration, membership=None)


def _said(found: Answer, path: Path, *, as_json: bool) -> str:
    content = found.content
    if not as_json:
        return f"{texts.headline(content)}\n{path}"
    return json.dumps(
        {
            "file": str(path),
            "collaboration": content.question.collaboration,
            "from": content.question.period.from_on.isoformat(),
            "to": content.question.period.last_on.isoformat(),
            "n": content.totals.n,
            "n_before": content.totals.n_before,
            "hot_spots": len(content.hot_spots.spots) if content.hot_spots else 0,
            "data_version": content.basis.data_version,
            "exercise": content.is_exercise,
            "sha256": content.sha256,
        },
        ensure_ascii=False,
    )
