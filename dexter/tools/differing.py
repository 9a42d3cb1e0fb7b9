"""What another filing says of a figure that is shown, as evidence beside it."""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from dexter.domain.evidence import Evidence, EvidenceKind, Measure, Source
from dexter.domain.reconciliation import Difference, DifferenceKind, Side
from dexter.domain.research import Conflict
from dexter.domain.run import StatementRecord
from dexter.domain.statement import ColumnRole, Item, Unit
from dexter.tools import cite
from dexter.tools.reading import HEADLINES

_SAID = {
    DifferenceKind.RESTATED: "re-presented as",
    DifferenceKind.DISAGREES: "against",
    DifferenceKind.YEAR_TO_DATE: "where two years to date leave",
}
_PARTS = ("year_to_date", "year_to_date_before")
_CRORE = Decimal(10_000_000)


def differing(
    subject: cite.Subject,
    record: StatementRecord,
    shown: Sequence[Evidence],
    told: Collection[Item],
) -> tuple[tuple[Conflict, ...], tuple[Evidence, ...]]:
    """Conflicts of a statement's shown lines with other filings, and those values.

    One conflict a line, with every other value of it. A revision is not one: the later
    version speaks, and a warning names the earlier. Of what a later filing re-presents
    only the headline lines are told; a regrouped cost line is not worth a sentence.

    Args:
        subject: Whose lines they are.
        record: The statement that speaks for the quarter.
        shown: The evidence of its lines.
        told: Lines already said to differ between documents of the quarter.
    """
    lines = {line.name: line for line in reversed(shown)}
    said: dict[Item, list[str]] = {}
    values: dict[Item, list[Evidence]] = {}
    extra: list[Evidence] = []
    for one, own, other in _sides(record):
        disagrees = one.kind is DifferenceKind.DISAGREES
        silent = one.item in told if disagrees else one.item not in HEADLINES
        line = lines.get(one.item.value)
        if line is None or silent:
            continue
        found = _evidence(subject, one, other)
        extra += found
        values.setdefault(one.item, [line]).append(found[-1])
        said.setdefault(one.item, [_printed(one.item, own)]).append(
            f"{_SAID[one.kind]} {_printed(one.item, other)}"
        )
    conflicts = tuple(
        Conflict(
            f"{subject.period}: {item.value} of {subject.company} is "
            f"{', '.join(words)}",
            tuple(evidence.id for evidence in values[item]),
        )
        for item, words in said.items()
    )
    return conflicts, tuple(extra)


def _printed(item: Item, side: Side) -> str:
    """A value as its page has it, with its unit and document."""
    if item.per_share or item.ratio:
        return f"{side.value:f} in {side.document}"
    amount, unit = side.cell.value or Decimal(0), side.unit
    # Whole rupees of XBRL are read as crores.
    if unit is Unit.RUPEE and abs(amount) >= _CRORE:
        amount, unit = amount / _CRORE, Unit.CRORE
        amount = amount.normalize()
    named = f" {unit.value}" if amount else ""
    return f"{amount:f}{named} in {side.document}"


def _sides(record: StatementRecord) -> Iterator[tuple[Difference, Side, Side]]:
    """Differences of the statement's own column: its side, then the other."""
    column = record.statement.columns.get(ColumnRole.CURRENT)
    if column is None:
        return
    for one in record.differences:
        period = (one.period_end, one.months) == (column.period_end, column.months)
        if not period or one.kind not in _SAID:
            continue
        if one.first.sha256 == record.filing.sha256:
            yield one, one.first, one.second
        elif one.second.sha256 == record.filing.sha256:
            yield one, one.second, one.first


def _evidence(subject: cite.Subject, one: Difference, side: Side) -> list[Evidence]:
    """The other side; one that is derived comes after the cells it is derived from."""
    if not one.parts:
        return [_cell(subject, one.item, side, one.item.value)]
    parts = [
        _cell(subject, one.item, part, f"{one.item.value}_{name}")
        for part, name in zip(one.parts, _PARTS, strict=True)
    ]
    implied = cite.computed(
        subject,
        f"{one.item.value}_implied",
        side.value,
        Measure.RUPEES,
        f"{parts[0].name} − {parts[1].name}",
        parts,
    )
    return [*parts, implied]


def _cell(subject: cite.Subject, item: Item, side: Side, name: str) -> Evidence:
    unit = Measure.RUPEES
    if item.per_share:
        unit = Measure.RUPEES_PER_SHARE
    elif item.ratio:
        unit = Measure.FRACTION
    cell = side.cell
    return Evidence(
        id="",
        kind=EvidenceKind.FACT if side.xbrl else EvidenceKind.CELL,
        name=name,
        unit=unit,
        value=side.value,
        source=Source(
            document=side.document,
            sha256=side.sha256,
            page=cell.page,
            bbox=cell.bbox,
            row=cell.row or cell.concept,
            column=cell.column or side.role.value,
            context=cell.context,
            url=side.url,
        ),
        symbol=subject.symbol,
        company=subject.company,
        period=subject.period,
        basis=subject.basis,
        known_at=side.known_at,
        method=cell.method.value,
    ).with_key()
