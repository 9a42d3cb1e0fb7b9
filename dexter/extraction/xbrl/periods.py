"""Which context speaks of the quarter, the year to date and the comparatives."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dexter.domain.period import Quarter
from dexter.domain.statement import ColumnRole
from dexter.extraction.xbrl.instance import Instance, read_date

_SHORTEST_QUARTER = 60
_LONGEST_QUARTER = 130
_END_SLACK = 6
_YEAR_MONTHS = 12
_QUARTER_MONTHS = 3
_PLAIN = re.compile(r"(One|Two|Three|Four|Five|Six|Seven|Eight)D")
QUARTER = "OneD"
YEAR_TO_DATE = "FourD"


@dataclass(frozen=True, slots=True)
class Span:
    """A context with its dates; ``inferred`` when siblings supplied them."""

    context: str
    start: date
    end: date
    inferred: bool = False

    @property
    def days(self) -> int:
        """Days covered, both ends included."""
        return (self.end - self.start).days + 1

    @property
    def months(self) -> int:
        """Whole months covered, to the nearest."""
        return round(self.days / 30.4)


@dataclass(frozen=True, slots=True)
class Periods:
    """The quarter (or why there is none) and every other column's span."""

    quarter: Span | None
    reason: str | None
    columns: Mapping[ColumnRole, Span]
    dropped: tuple[str, ...] = ()


def choose(instance: Instance) -> Periods:
    """Pick contexts by id and check their dates before believing them.

    ``OneD`` counts as the quarter only between 60 and 130 days with its end near a
    quarter end; undeclared, its dates come from siblings with the same prefix, and
    only if those all agree. ``FourD`` is the year to date whatever dates it carries.
    """
    span, reason = _quarter(instance)
    if span is None:
        return Periods(None, reason, {})
    columns = {ColumnRole.CURRENT: span}
    year, dropped = _year_to_date(instance, span)
    if year is not None:
        columns[ColumnRole.YEAR_TO_DATE] = year
    for name in _used(instance):
        if name in {span.context, YEAR_TO_DATE}:
            continue
        other, _ = _dates(instance, name)
        role = _comparative(span, other) if other else None
        if other and role and role not in columns:
            columns[role] = other
    return Periods(span, None, columns, (dropped,) if dropped else ())


def instants(instance: Instance, span: Span) -> tuple[str, ...]:
    """Contexts of the day a span ends on, its own sibling first.

    ``OneI`` belongs to ``OneD``; used without being declared, it is taken for the
    span's last day as ``OneD`` would be.
    """
    own = f"{span.context.removesuffix('D')}I"
    undeclared = _PLAIN.fullmatch(span.context) and own not in instance.contexts
    days = [
        one.id
        for one in instance.contexts.values()
        if not one.dimensioned
        and one.start is None
        and one.end
        and abs((one.end - span.end).days) <= _END_SLACK
    ]
    sibling = [own] if undeclared or own in days else []
    return tuple(dict.fromkeys([*sibling, *days]))


def quarter_end(day: date) -> date | None:
    """The fiscal quarter end within six days of a day, if there is one."""
    quarter = Quarter.containing(day)
    for end in (quarter.end, quarter.previous.end):
        if abs((day - end).days) <= _END_SLACK:
            return end
    return None


def _used(instance: Instance) -> tuple[str, ...]:
    names = dict.fromkeys(context for context, _ in instance.facts)
    declared = instance.contexts
    return tuple(
        name
        for name in names
        if _PLAIN.fullmatch(name)
        or (name in declared and not declared[name].dimensioned)
    )


def _dates(instance: Instance, name: str) -> tuple[Span | None, str | None]:
    declared = instance.contexts.get(name)
    if declared is not None:
        if declared.dimensioned or not declared.start or not declared.end:
            return None, f"context {name} declares no plain period"
        return Span(name, declared.start, declared.end), None
    found = _PLAIN.fullmatch(name)
    prefix = found.group(1) if found else name
    siblings = {
        (other.start, other.end)
        for other in instance.contexts.values()
        if other.id.startswith(prefix) and other.start and other.end
    }
    if len(siblings) != 1:
        why = "its siblings disagree" if siblings else "it has no siblings"
        return None, f"context {name} is used but never declared, and {why}"
    ((start, end),) = siblings
    return Span(name, start, end, inferred=True), None


def _quarter(instance: Instance) -> tuple[Span | None, str | None]:
    name, reason = _quarter_context(instance)
    if name is None:
        return None, reason
    span, reason = _dates(instance, name)
    if span is None:
        return None, reason
    if not _SHORTEST_QUARTER <= span.days <= _LONGEST_QUARTER:
        return None, f"context {name} covers {span.days} days, not a quarter"
    if quarter_end(span.end) is None:
        return None, f"context {name} ends {span.end}, not near a quarter end"
    for concept, day in (
        ("DateOfStartOfReportingPeriod", span.start),
        ("DateOfEndOfReportingPeriod", span.end),
    ):
        stated = read_date(instance.text(concept, (name,)))
        if stated and abs((stated - day).days) > _END_SLACK:
            return None, f"context {name} has {day} where the filing states {stated}"
    return span, None


def _quarter_context(instance: Instance) -> tuple[str | None, str | None]:
    used = {context for context, _ in instance.facts}
    if QUARTER in used:
        return QUARTER, None
    amounts = {
        context
        for (context, _), facts in instance.facts.items()
        if any(fact.unit and fact.number is not None for fact in facts)
    }
    spans = [
        Span(one.id, one.start, one.end)
        for one in instance.contexts.values()
        if one.id in amounts and not one.dimensioned and one.start and one.end
    ]
    quarters = [
        span for span in spans if _SHORTEST_QUARTER <= span.days <= _LONGEST_QUARTER
    ]
    if not quarters:
        return None, "no context covers a quarter"
    latest = max(span.end for span in quarters)
    names = [span.context for span in quarters if span.end == latest]
    if len(names) > 1 or any(span.end > latest for span in spans):
        return None, "several contexts could be the quarter"
    return names[0], None


def _year_to_date(instance: Instance, quarter: Span) -> tuple[Span | None, str | None]:
    used = {context for context, _ in instance.facts}
    if YEAR_TO_DATE not in used:
        return None, None
    declared, reason = _dates(instance, YEAR_TO_DATE)
    end = declared.end if declared else quarter.end
    if abs((end - quarter.end).days) > _END_SLACK:
        return None, f"context {YEAR_TO_DATE} ends {end}, not with the quarter"
    near = (YEAR_TO_DATE, quarter.context)
    fiscal = read_date(instance.text("DateOfStartOfFinancialYear", near))
    stated = read_date(instance.text("DateOfStartOfReportingPeriod", (YEAR_TO_DATE,)))
    starts = (fiscal, stated, declared.start if declared else None)
    for start in filter(None, starts):
        span = Span(YEAR_TO_DATE, start, end, inferred=declared is None)
        if _is_year_to_date(span, quarter, known=start == fiscal):
            return span, None
    return None, reason or f"context {YEAR_TO_DATE} does not say when its year began"


def _is_year_to_date(span: Span, quarter: Span, *, known: bool) -> bool:
    if not _QUARTER_MONTHS <= span.months <= _YEAR_MONTHS + _QUARTER_MONTHS:
        return False
    if span.months > _QUARTER_MONTHS:
        return True
    # Three months to date is a first quarter; otherwise the dates are copied.
    return known and span.start == quarter.start


def _comparative(current: Span, other: Span) -> ColumnRole | None:
    behind = round((current.end - other.end).days / 30.4)
    if _SHORTEST_QUARTER <= other.days <= _LONGEST_QUARTER:
        return {
            _QUARTER_MONTHS: ColumnRole.PREVIOUS_QUARTER,
            _YEAR_MONTHS: ColumnRole.SAME_QUARTER_LAST_YEAR,
        }.get(behind)
    if behind == 0 and other.months > _QUARTER_MONTHS:
        return ColumnRole.YEAR_TO_DATE
    if other.months == _YEAR_MONTHS and 0 < behind <= _YEAR_MONTHS:
        return ColumnRole.PREVIOUS_YEAR
    if behind == _YEAR_MONTHS:
        return ColumnRole.PREVIOUS_YEAR_TO_DATE
    return None
