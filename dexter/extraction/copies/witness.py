"""What OCR saw where a copied table says its figures stand.

Rows laid beside the lines OCR found, and the columns they share, say where every figure
must stand; each is held against what OCR saw there: the same, only the same digits,
nothing, or something else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import median

from dexter.extraction.copies.beside import Match, Seen, beside, digits_of, numeric
from dexter.extraction.copies.transcript import Box, CopyRow, CopyTable
from dexter.extraction.pages.figures import figure, strong
from dexter.extraction.pages.levels import Line, lines
from dexter.extraction.pages.words import Word

_LEVEL = 0.6
_ANCHORS = 3
BESIDE = -1
Spot = tuple[int, int]


class Sight(StrEnum):
    """How OCR's view of a place compares with the copy."""

    SAME = "same"
    DIGITS = "digits"
    NOTHING = "nothing"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Witness:
    """What stands at a place by OCR: its text, its box, the certainty of its reader."""

    sight: Sight
    text: str = ""
    box: Box | None = None
    sure: float = 0.0


@dataclass(frozen=True, slots=True)
class Testimony:
    """A copied table as OCR saw it.

    ``spans`` are the columns' places from left to right; ``left`` the amounts OCR saw
    among the copied ones that no cell of the copy accounts for, by column.
    """

    cells: Mapping[Spot, Witness]
    spans: Mapping[int, tuple[float, float]]
    labels: Mapping[int, str]
    above: tuple[Line, ...]
    left: Mapping[int, tuple[Word, ...]]


def testify(table: CopyTable, words: Sequence[Word]) -> Testimony:
    """Hold a copy against a page's words.

    Args:
        table: the copy.
        words: OCR's words, upright and straightened, in points from the top left.
    """
    level = lines(words)
    placed = beside(table.rows, [Seen.of(line) for line in level])
    spans = _spans(table, placed)
    levels = _levels(placed, spans)
    numbers = [word for word in words if numeric(word)]
    there: dict[Spot, list[Word]] = {}
    free = []
    for word in numbers:
        spot = _spot(word, spans, levels)
        if spot is None:
            free.append(word)
        else:
            there.setdefault(spot, []).append(word)
    first = min((y for one in levels.values() for y in one.values()), default=0.0)
    return Testimony(
        cells={
            (row, column): _compared(
                _text(table.rows[row], column), there.get((row, column), ())
            )
            for row in levels
            for column in spans
        },
        spans=spans,
        labels={row: _label(seen.line, spans) for row, (seen, _) in placed.items()},
        above=tuple(line for line in level if line.middle < first - 1),
        left=_unclaimed(free, spans, levels),
    )


def _text(row: CopyRow, column: int) -> str:
    return row.cells[column] if column < len(row.cells) else ""


def _spans(
    table: CopyTable, placed: Mapping[int, Match]
) -> dict[int, tuple[float, float]]:
    """Where the columns stand, from the figures both have; none out of order."""
    points: dict[int, list[float]] = {}
    for seen, columns in placed.values():
        for column, number in columns:
            points.setdefault(column, []).append(seen.numbers[number].centre)
    centres = {
        column: median(points[column])
        for column in range(len(table.columns))
        if len(points.get(column, ())) >= _ANCHORS
    }
    order = list(centres.values())
    if len(order) < 2 or order != sorted(set(order)):  # noqa: PLR2004 - a pair has an order
        return {}
    steps = [b - a for a, b in pairwise(order)]
    edges = [order[0] - min(steps) / 2]
    edges += [(a + b) / 2 for a, b in pairwise(order)]
    edges.append(order[-1] + min(steps) / 2)
    return dict(zip(centres, pairwise(edges), strict=True))


def _levels(
    placed: Mapping[int, Match], spans: Mapping[int, tuple[float, float]]
) -> dict[int, dict[int, float]]:
    """The height of every placed row in every column: paper bends, so rows climb."""
    known = {
        row: {c: seen.numbers[n].middle for c, n in columns if c in spans}
        for row, (seen, columns) in placed.items()
    }
    climb = dict.fromkeys(spans, 0.0)
    for before, column in pairwise(spans):
        steps = [
            one[column] - one[before]
            for one in known.values()
            if column in one and before in one
        ]
        climb[column] = climb[before] + (median(steps) if steps else 0.0)
    return {row: _heights(one, climb) for row, one in known.items() if one}


def _heights(
    known: Mapping[int, float], climb: Mapping[int, float]
) -> dict[int, float]:
    nearest = {c: min(known, key=lambda k: abs(k - c)) for c in climb}
    return {c: known[n] + climb[c] - climb[n] for c, n in nearest.items()}


def _spot(
    word: Word,
    spans: Mapping[int, tuple[float, float]],
    levels: Mapping[int, Mapping[int, float]],
) -> Spot | None:
    """The cell a word stands in: its column, and the row whose level is nearest."""
    for column, (x0, x1) in spans.items():
        if x0 <= word.centre < x1 and levels:
            row = min(levels, key=lambda one: abs(levels[one][column] - word.middle))
            near = abs(levels[row][column] - word.middle) <= _LEVEL * word.height
            return (row, column) if near else None
    return None


def _compared(text: str, there: Sequence[Word]) -> Witness:
    found = sorted(there, key=lambda word: word.x0)
    said = "".join(word.text for word in found)
    mine, theirs = digits_of(text), digits_of(said)
    if not theirs:
        return Witness(Sight.NOTHING)
    box = (
        min(word.x0 for word in found),
        min(word.top for word in found),
        max(word.x1 for word in found),
        max(word.bottom for word in found),
    )
    sure = min(word.sure for word in found)
    sight = Sight.DIGITS if mine == theirs else Sight.OTHER
    if sight is Sight.DIGITS and _amount(said) == _amount(text) is not None:
        sight = Sight.SAME
    elif sight is Sight.DIGITS and _turned(text, said):
        sight = Sight.OTHER
    return Witness(sight, said, box, sure)


def _amount(text: str) -> object:
    return figure("".join(text.split()))


def _turned(text: str, said: str) -> bool:
    """OCR loses signs and does not make them up: its minus beats a copy without."""
    mine, theirs = figure("".join(text.split())), figure(said)
    return theirs is not None and theirs < 0 and mine is not None and mine > 0


def _label(line: Line, spans: Mapping[int, tuple[float, float]]) -> str:
    edge = min((x0 for x0, _ in spans.values()), default=0.0)
    return " ".join(word.text for word in line.words if word.x1 < edge)


def _unclaimed(
    free: Iterable[Word],
    spans: Mapping[int, tuple[float, float]],
    levels: Mapping[int, Mapping[int, float]],
) -> dict[int, tuple[Word, ...]]:
    """Amounts among the copied rows that no cell accounts for, by column.

    Column −1 is beside all columns, on the level of a copied row.
    """
    found: dict[int, list[Word]] = {}
    if not levels or not spans:
        return {}
    left = min(x0 for x0, _ in spans.values())
    pitch = min(x1 - x0 for x0, x1 in spans.values())
    for word in filter(strong, free):
        inside = [k for k, (x0, x1) in spans.items() if x0 <= word.centre < x1]
        column = inside[0] if inside else min(spans)
        heights = [one[column] for one in levels.values()]
        if inside and min(heights) <= word.middle <= max(heights):
            found.setdefault(column, []).append(word)
        beside = any(abs(word.middle - y) <= word.height for y in heights)
        if not inside and beside and word.centre > left - pitch:
            found.setdefault(BESIDE, []).append(word)
    return {column: tuple(some) for column, some in found.items()}
