"""A page with its cells marked: what each value is worth, and what was read there."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from dexter.domain.filing import Grade, Review
from dexter.domain.statement import Cell, ColumnRole, Method, Statement

_SIZE = 15
_LINE = 22
_EDGE = 10
_GAP = 18
_PAD = 2
_TINT = 46


class Tier(Enum):
    """What a value is worth: the words of the legend and the colour of its box."""

    EXACT = ("accepted, sums exact (A)", (22, 130, 60))
    ROUNDED = ("accepted, within rounding (B)", (200, 120, 0))
    REVIEW = ("for review", (205, 30, 40))
    PERSON = ("confirmed by a person", (30, 90, 200))
    WITHHELD = ("nothing published", (120, 120, 120))

    @property
    def words(self) -> str:
        """What the legend says."""
        return self.value[0]

    @property
    def colour(self) -> tuple[int, int, int]:
        """Red, green and blue."""
        return self.value[1]


class Placed(NamedTuple):
    """A box in pixels of the picture."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Marking:
    """A cell of one of the page's statements, and where it is on the picture."""

    statement: int
    role: ColumnRole
    cell: Cell
    place: Placed


def tier(statement: Statement, cell: Cell) -> Tier:
    """What a cell of a statement is worth."""
    if cell.value is None:
        return Tier.WITHHELD
    if cell.method is Method.PERSON:
        return Tier.PERSON
    if statement.status is not Review.ACCEPTED:
        return Tier.REVIEW
    if statement.grade is Grade.A:
        return Tier.EXACT
    return Tier.ROUNDED if statement.grade is Grade.B else Tier.REVIEW


def marked(
    page: Image.Image, statements: Sequence[Statement], cells: Sequence[Marking]
) -> Image.Image:
    """The page with its cells boxed, what was read beside it, a legend above."""
    tiers = [tier(statements[one.statement], one.cell) for one in cells]
    boxed = _boxed(page, cells, tiers)
    beside = _beside(page.height, cells, tiers)
    legend = _legend(statements, tiers)
    width = max(boxed.width + beside.width, legend.width)
    whole = Image.new("RGB", (width, legend.height + page.height), "white")
    whole.paste(legend, (0, 0))
    whole.paste(boxed, (0, legend.height))
    whole.paste(beside, (boxed.width, legend.height))
    ImageDraw.Draw(whole).line(
        (0, legend.height - 1, width, legend.height - 1), fill="grey"
    )
    return whole


def _boxed(
    page: Image.Image, cells: Sequence[Marking], tiers: Sequence[Tier]
) -> Image.Image:
    tint = Image.new("RGBA", page.size)
    pen = ImageDraw.Draw(tint)
    for one, worth in zip(cells, tiers, strict=True):
        x0, top, x1, bottom = one.place
        edge = (x0 - _PAD, top - _PAD, x1 + _PAD, bottom + _PAD)
        pen.rectangle(edge, (*worth.colour, _TINT), (*worth.colour, 255), width=2)
    return Image.alpha_composite(page.convert("RGBA"), tint).convert("RGB")


def _beside(
    height: int, cells: Sequence[Marking], tiers: Sequence[Tier]
) -> Image.Image:
    """What was read, each row at the height it is printed at."""
    columns: dict[tuple[int, ColumnRole], list[tuple[Marking, Tier]]] = {}
    for one, worth in zip(cells, tiers, strict=True):
        columns.setdefault((one.statement, one.role), []).append((one, worth))
    ordered = sorted(columns.values(), key=_middle)
    font = ImageFont.load_default(_SIZE)
    widths = [max(font.getlength(_said(one)) for one, _ in c) + _GAP for c in ordered]
    panel = Image.new("RGB", (int(sum(widths)) + _GAP, height), "white")
    pen = ImageDraw.Draw(panel)
    right = 0.0
    for column, width in zip(ordered, widths, strict=True):
        right += width
        for one, worth in column:
            level = (one.place.top + one.place.bottom) / 2
            at = (right, level)
            pen.text(at, _said(one), worth.colour, font, anchor="rm")
    return panel


def _middle(column: Sequence[tuple[Marking, Tier]]) -> float:
    return sum(one.place.x0 + one.place.x1 for one, _ in column) / len(column)


def _said(one: Marking) -> str:
    if one.cell.value is None:
        return "-"
    return f"{one.cell.value:,}"


def _legend(statements: Sequence[Statement], tiers: Sequence[Tier]) -> Image.Image:
    font = ImageFont.load_default(_SIZE)
    lines = [_heading(statement) for statement in statements]
    shown = [worth for worth in Tier if worth in tiers]
    swatch = _LINE - 8
    steps = [font.getlength(w.words) + swatch + 2 * _EDGE + _GAP for w in shown]
    long = max([sum(steps), *(font.getlength(line) for line in lines)])
    size = (int(long) + 2 * _EDGE, _LINE * (len(lines) + 1) + 2 * _EDGE)
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        pen.text((_EDGE, _EDGE + number * _LINE), line, "black", font)
    x, y = float(_EDGE), _EDGE + len(lines) * _LINE
    for worth, step in zip(shown, steps, strict=True):
        edge = (x, y + 3, x + swatch, y + 3 + swatch)
        pen.rectangle(edge, worth.colour)
        pen.text((x + swatch + _EDGE, y), worth.words, "black", font)
        x += step
    return picture


def _heading(statement: Statement) -> str:
    said = [
        statement.basis.value if statement.basis else "basis unknown",
        f"{statement.period_end:%d %b %Y}"
        if statement.period_end
        else "period unknown",
        f"in {statement.unit.value}" if statement.unit else "unit unknown",
        f"grade {statement.grade.value}",
        statement.status.value,
    ]
    # The built-in font knows Western European letters.
    return " · ".join(said).encode("latin-1", "replace").decode("latin-1")
