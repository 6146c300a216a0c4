"""What each live reference stands for: figures, tables, charts and lists, each with the address of its trace.

Everything is read through the membership of whoever the report is made for, so nobody sees more than on the pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial

from django.urls import reverse
from django.utils.translation import gettext as _

from lagesbild.accounts.models import Membership
from lagesbild.goals import lines, queries, sentences
from lagesbild.goals.models import Indicator, Measurement, Verdict
from lagesbild.goals.queries import Cell, GoalTable, GoalView, Row, figure_text, value_text
from lagesbild.observations import listings
from lagesbild.observations.implied_rates import implied_table
from lagesbild.observations.models import SeriesTable, SeriesValue
from lagesbild.observations.series_charts import period_name
from lagesbild.publications import lists, scene_lists
from lagesbild.publications.content import Block, Span, bullets, figure, heading, paragraph, span, table, traced
from lagesbild.publications.implied import implied_block
from lagesbild.publications.references import Reference, Resolvers, unknown


@dataclass
class Sources:
    """Where the references of one report get what they show. Each list is read once, when first asked for."""

    membership: Membership
    year: int
    used: dict[str, dict[str, str]] = field(default_factory=dict)  # source → {what it tells: where}, for the list

    @cached_property
    def goals(self) -> list[GoalView]:
        return queries.goal_views(self.membership, self.year)

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        rows = (row for view in self.goals for each in view.tables for row in each.rows)
        return {row.indicator.code: row.indicator for row in rows}

    @cached_property
    def tables(self) -> dict[str, SeriesTable]:
        return {each.slug: each for each in listings.series_tables(self.membership)}

    @property
    def slug(self) -> str:
        return self.membership.collaboration.slug

    def resolvers(self) -> Resolvers:
        """Every name that may stand in double square brackets."""
        return Resolvers(
            inline={
                "value": self._value,
                "change": self._change,
                "target": self._target,
                "judgement": self._judgement,
                "proposed": self._proposed,
                "figure": self._figure,
            },
            blocks={
                "vision": self._vision,
                "goal-list": self._goal_list,
                "goals": self._goals,
                "goal": self._goal,
                "judgements": self._judgements,
                "table": self._table,
                "tables": self._tables,
                "chart": self._chart,
                "documents": self._documents,
                "forums": self._forums,
                "actions": self._actions,
                "matters": self._matters,
                "mappings": lambda _reference: scene_lists.mappings(self.membership),
                "guests": lambda _reference: scene_lists.guests(self.membership),
                "proposals": self._proposals,
                "sources": self._sources,
            },
        )

    # Pieces of a sentence

    def _value(self, reference: Reference) -> Span:
        indicator, each = self._measurement(reference, *self._arguments(reference, 2))
        text = figure_text(indicator, each) or _("no figure yet")
        if each.is_partial:
            text = _("{value} (part of the period)").format(value=text)
        elif each.is_provisional or each.is_uncertain:
            text = _("{value} (uncertain)").format(value=text)
        return span(text, self._trace(indicator, each))

    def _change(self, reference: Reference) -> Span:
        code, first, last = self._arguments(reference, 3)
        indicator, before = self._measurement(reference, code, first)
        _indicator, after = self._measurement(reference, code, last)
        if before.value is None or after.value is None:
            raise unknown(reference, _("one of the two was not measured"))
        if before.is_partial or after.is_partial or after.after_break:
            raise unknown(reference, _("the two periods cannot be compared"))
        step = after.value - before.value
        sign = "+" if step > 0 else "−" if step < 0 else "±"
        text = f"{sign}{value_text(indicator, abs(step))}{sentences.change(before.value, after.value)}"
        return span(text, self._trace(indicator, after))

    def _target(self, reference: Reference) -> Span:
        indicator = self._indicator(reference, *self._arguments(reference, 1))
        return span(indicator.target_printed or queries.target_text(indicator), self._trace(indicator))

    def _judgement(self, reference: Reference) -> Span:
        view = self._goal_view(reference)
        text = Verdict(view.judgement.verdict).label if view.judgement else _("not judged yet")
        return span(str(text).lower(), self._goal_path(view))

    def _proposed(self, reference: Reference) -> Span:
        view = self._goal_view(reference)
        return span(str(Verdict(view.proposal.verdict.value).label).lower(), self._goal_path(view))

    def _figure(self, reference: Reference) -> Span:
        slug, key, period = self._arguments(reference, 3)
        found = self._series_table(reference, slug)
        for series in listings.series_of(found):
            for value in series.values.all():
                if series.key == key and period_name(value.period_from, value.period_to) == period:
                    return span(_figure_text(value), self._table_path(found))
        raise unknown(reference, _("the table has no such series and period"))

    # Blocks

    def _vision(self, _reference: Reference) -> list[Block]:
        return [paragraph(span(f"”{each.title}”")) for each in queries.visions_of(self.membership)]

    def _goal_list(self, _reference: Reference) -> list[Block]:
        return (
            [bullets(*[[span(_goal_title(view), self._goal_path(view))] for view in self.goals])] if self.goals else []
        )

    def _goals(self, _reference: Reference) -> list[Block]:
        return [block for view in self.goals for block in self._goal_blocks(view)]

    def _goal(self, reference: Reference) -> list[Block]:
        return self._goal_blocks(self._goal_view(reference))

    def _goal_blocks(self, view: GoalView) -> list[Block]:
        path = self._goal_path(view)
        judged = view.judgement
        verdict = Verdict(judged.verdict).label if judged else _("not judged yet")
        proposed = Verdict(view.proposal.verdict.value).label
        blocks = [
            heading(_goal_title(view)),
            paragraph(
                span(_("Judgement: ")),
                span(str(verdict), path),
                span(". " + _("The rule proposes: ")),
                span(str(proposed), path),
                *traced(". " + " ".join(sentences.sentence(each) for each in view.proposal.reasons), path),
            ),
        ]
        if view.goal.text:
            blocks.insert(1, paragraph(*traced(view.goal.text, path)))
        blocks += [self._goal_table(each) for each in view.tables]
        if judged and judged.difference:
            blocks.append(paragraph(*traced(_("Why they differ: ") + judged.difference, path)))
        if judged and judged.analysis:
            blocks.append(paragraph(*traced(judged.analysis, path)))
        return blocks

    def _goal_table(self, each: GoalTable) -> Block:
        for row in each.rows:
            for measured in (each for each in row.indicator.measurements.all() if each.value is not None):
                self._cite(measured.source, row.indicator.measure, row.trace)
        rows = [self._goal_row(row) for row in each.rows]
        header = [_("Measure and question"), *each.columns, _("Target")]
        notes = {note: traced(note, row.trace) for row in each.rows for note in row.indicator.footnotes}
        told = [*notes.values(), *(traced(remark, row.trace) for row, remark in each.remarks), *_surprises(each)]
        return table(each.heading, header, rows, numeric=[False, *[True] * len(each.columns), False], notes=told)

    def _cite(self, source: str, what: str, trace: str) -> None:
        if source:
            self.used.setdefault(source, {}).setdefault(what, trace)

    def _goal_row(self, row: Row) -> list[Span]:
        name = f"{row.indicator.measure}: {row.indicator.question}"
        return [span(name, row.trace), *[_cell(cell) for cell in row.cells], span(row.target, row.trace)]

    def _judgements(self, _reference: Reference) -> list[Block]:
        rows = [
            [
                span(_goal_title(view), self._goal_path(view)),
                span(str(Verdict(view.judgement.verdict).label) if view.judgement else "–", self._goal_path(view)),
                span(str(Verdict(view.proposal.verdict.value).label), self._goal_path(view)),
            ]
            for view in self.goals
        ]
        if not rows:
            return [paragraph(span(_("No goals have been written down.")))]
        header = [_("Goal"), _("Judgement"), _("The rule proposes")]
        return [table(_("Judgement {year}").format(year=self.year), header, rows, numeric=[False, False, False])]

    def _table(self, reference: Reference) -> list[Block]:
        return self._series_blocks(self._series_table(reference, *self._arguments(reference, 1)))

    def _tables(self, _reference: Reference) -> list[Block]:
        return [block for each in self.tables.values() for block in self._series_blocks(each)]

    def _series_blocks(self, found: SeriesTable) -> list[Block]:
        """One table for each unit: periods in columns, as they are printed."""
        path = self._table_path(found)
        self._cite(found.source, found.title, path)
        series = listings.series_of(found)
        blocks = []
        for unit in dict.fromkeys(each.unit for each in series):
            own = [each for each in series if each.unit == unit]
            values = {(each.pk, v.period_from, v.period_to): v for each in own for v in each.values.all()}
            periods = sorted({(start, end) for _pk, start, end in values})
            rows = [
                [span(each.title, path), *[_series_cell(values.get((each.pk, *period)), path) for period in periods]]
                for each in own
            ]
            header = [unit or "–", *[period_name(*period) for period in periods]]
            blocks.append(table(found.title, header, rows, numeric=[False, *[True] * len(periods)]))
        implied = implied_table(self.membership, series)
        if implied is not None:
            blocks.append(implied_block(implied, path))
        blocks += [paragraph(*traced(line, path), quiet=True) for line in found.note.splitlines() if line.strip()]
        return blocks

    def _chart(self, reference: Reference) -> list[Block]:
        indicator = self._indicator(reference, *self._arguments(reference, 1))
        spec = lines.chart_of(indicator, lines.measurement_rows(indicator))
        if spec is None:
            raise unknown(reference, _("there are too few figures for a chart"))
        words = "; ".join(
            f"{each.label}: {figure_text(indicator, each) or '–'}" for each in indicator.measurements.all()
        )
        return [
            figure(
                spec,
                alt=words,
                caption=indicator.question,
                trace=reverse("goals:indicator", args=[self.slug, indicator.code]),
            )
        ]

    def _documents(self, _reference: Reference) -> list[Block]:
        return lists.documents(self.membership)

    def _forums(self, _reference: Reference) -> list[Block]:
        return lists.forums(self.membership)

    def _actions(self, reference: Reference) -> list[Block]:
        return lists.actions(self.membership, self.year, reference)

    def _matters(self, _reference: Reference) -> list[Block]:
        return lists.matters(self.membership, self.year)

    def _proposals(self, reference: Reference) -> list[Block]:
        return lists.proposals(self.membership, self.year, reference)

    def _sources(self, _reference: Reference) -> list[Block]:
        """Each source once, with all that was taken from it."""
        if not self.used:
            return []
        rows = [
            [span(source, next(iter(told.values()))), span("; ".join(told), next(iter(told.values())))]
            for source, told in sorted(self.used.items(), key=lambda each: each[0].casefold())
        ]
        return [table(_("Sources of the figures"), [_("Source"), _("What it tells")], rows, numeric=[False, False])]

    # Finding

    def _arguments(self, reference: Reference, count: int) -> tuple[str, ...]:
        """``count`` words; the last may have several ("Aug 2019")."""
        words = reference.arguments
        if len(words) < count:
            raise unknown(reference, _("it lacks a word"))
        return (*words[: count - 1], " ".join(words[count - 1 :]))

    def _indicator(self, reference: Reference, code: str) -> Indicator:
        if code not in self.indicators:
            raise unknown(reference, _("there is no indicator {code}").format(code=code))
        return self.indicators[code]

    def _measurement(self, reference: Reference, code: str, label: str) -> tuple[Indicator, Measurement]:
        indicator = self._indicator(reference, code)
        for each in indicator.measurements.all():
            if each.label == label and not each.gender and not each.age_group:
                return indicator, each
        raise unknown(reference, _("it was not measured {label}").format(label=label))

    def _goal_view(self, reference: Reference) -> GoalView:
        (number,) = self._arguments(reference, 1)
        found = next((view for view in self.goals if view.goal.number == number), None)
        if found is None:
            raise unknown(reference, _("there is no goal {number}").format(number=number))
        return found

    def _series_table(self, reference: Reference, slug: str) -> SeriesTable:
        if slug not in self.tables:
            raise unknown(reference, _("there is no table {slug}").format(slug=slug))
        return self.tables[slug]

    def _trace(self, indicator: Indicator, each: Measurement | None = None) -> str:
        path = reverse("goals:indicator", args=[self.slug, indicator.code])
        return path if each is None else f"{path}#m{each.pk}"

    def _goal_path(self, view: GoalView) -> str:
        return f"{reverse('goals:goal', args=[self.slug, view.goal.pk])}?year={self.year}"

    def _table_path(self, found: SeriesTable) -> str:
        return reverse("observations:series_table", args=[self.slug, found.slug])


def _goal_title(view: GoalView) -> str:
    return _("Goal {number} – {title}").format(number=view.goal.number, title=view.goal.title)


def _surprises(each: GoalTable) -> Iterator[list[Span]]:
    """What a reader would else take wrongly: parts of periods, old figures, measures that changed."""
    for row in each.rows:
        show = partial(value_text, row.indicator)
        said = [sentences.sentence(why, show) for why in row.judged.reasons if why.code in sentences.TELLING]
        if said:
            yield traced(f"{row.indicator.question}: {' '.join(said)}", row.trace)


def _cell(cell: Cell | None) -> Span:
    if cell is None:
        return span("")
    text = cell.text
    if cell.partial:
        text = f"{text} *".strip()
    elif cell.provisional or cell.uncertain:
        text = f"{text} (?)".strip()
    return span(text, cell.trace if text else "")


def _series_cell(value: SeriesValue | None, path: str) -> Span:
    if value is None:
        return span("")
    text = _figure_text(value)
    mark = " *" if value.is_partial else " (?)" if value.is_provisional else ""
    return span(f"{text}{mark}".strip(), path if text else "")


def _figure_text(value: SeriesValue) -> str:
    if value.value is None:
        return "–" if value.printed else ""
    return sentences.plain(value.value)
