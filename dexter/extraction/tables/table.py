"""Words to tables: lines, column bands by horizontal coverage, rows with labels."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import median

from dexter.domain.filing import Basis
from dexter.extraction.pages.figures import Figure, cell, looks_printed, strong
from dexter.extraction.pages.levels import MINUS, Line, lines
from dexter.extraction.pages.words import Word

_MONTH = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE
)
_DAY = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MIN_ROWS = 5
_MIN_COLUMNS = 2
_MAX_COLUMNS = 14
_MAX_HEADING = 12
_STACK = 7
_TITLE = re.compile(r"results?\b|statement", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Band:
    """The horizontal extent of one column of numbers."""

    x0: float
    x1: float

    @property
    def centre(self) -> float:
        """Horizontal centre."""
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class Row:
    """A line of figures; ``above`` and ``below`` are label lines nobody else owns."""

    label: str
    above: str
    below: str
    cells: tuple[Figure | None, ...]
    middle: float


@dataclass(frozen=True, slots=True)
class Table:
    """A header (lines above the first row), bands and rows.

    ``dates`` is the header line with the dates; ``basis`` is set where the table is one
    half of a page that shows both.
    """

    header: tuple[Line, ...]
    dates: int
    bands: tuple[Band, ...]
    rows: tuple[Row, ...]
    basis: Basis | None = None


def date_tokens(line: Line) -> int:
    """How many dates a line seems to hold."""
    return max(len(_MONTH.findall(line.text)), len(_DAY.findall(line.text)))


def tables(words: Sequence[Word]) -> list[Table]:
    """Every table on a page that has a header with at least two dates."""
    level = lines(words)
    starts = _header_starts(level) or _stacked_start(level)
    found = []
    for index, start in enumerate(starts):
        stop = starts[index + 1] if index + 1 < len(starts) else len(level)
        top = _heading_top(level, starts[index - 1], start) if index else 0
        table = _table(level, (top, start, stop))
        if table is not None:
            found.append(table)
    return found


def _header_starts(level: list[Line]) -> list[int]:
    starts: list[int] = []
    for index, line in enumerate(level):
        if date_tokens(line) < _MIN_COLUMNS:
            continue
        between = level[starts[-1] : index] if starts else []
        if (
            starts
            and sum(len(_tail(one)) >= _MIN_COLUMNS for one in between) < _MIN_ROWS
        ):
            # Still the same header: keep the line with more dates.
            if date_tokens(line) > date_tokens(level[starts[-1]]):
                starts[-1] = index
        else:
            starts.append(index)
    return starts


def _stacked_start(level: list[Line]) -> list[int]:
    """Where a header begins whose dates stand at different depths, one a line."""
    for index, line in enumerate(level):
        if not date_tokens(line) or _TITLE.search(line.text):
            continue
        stack = level[index : index + _STACK]
        dates = [one for one in stack if date_tokens(one)]
        if len(dates) > _MIN_COLUMNS and not any(len(_tail(one)) > 1 for one in dates):
            return [index]
    return []


def _heading_top(level: list[Line], previous: int, start: int) -> int:
    """A later table's heading begins after the last figures of the one before."""
    for index in range(start - 1, max(previous, start - _MAX_HEADING), -1):
        if len(_tail(level[index])) >= _MIN_COLUMNS:
            return index + 1
    return max(previous + 1, start - _MAX_HEADING)


def _tail(line: Line) -> list[Word]:
    tail: list[Word] = []
    for word in reversed(line.words):
        if not looks_printed(word):
            break
        tail.append(word)
    return tail if any(map(strong, tail)) else []


def _table(level: list[Line], span: tuple[int, int, int]) -> Table | None:
    top, start, stop = span
    bands = _bands(level[start + 1 : stop])
    if not _MIN_COLUMNS <= len(bands) <= _MAX_COLUMNS:
        return None
    body = level[start + 1 : stop]
    first = next((i for i, line in enumerate(body) if _is_values(line, bands)), None)
    if first is None:
        return None
    rows = _rows(body[first:], bands, _labels_before(body[:first], bands))
    if len(rows) < _MIN_ROWS:
        return None
    header = tuple(level[top : start + 1 + first])
    return Table(header, start - top, bands, rows)


def _bands(body: Sequence[Line]) -> tuple[Band, ...]:
    spans = sorted(
        (word.x0, word.x1)
        for line in body
        if len(tail := _tail(line)) >= _MIN_COLUMNS
        for word in tail
        if strong(word)
    )
    merged: list[list[float]] = []
    for x0, x1 in spans:
        if merged and x0 < merged[-1][1] - 0.5:
            merged[-1][1] = max(merged[-1][1], x1)
            merged[-1][2] += 1
        else:
            merged.append([x0, x1, 1])
    most = max((count for _, _, count in merged), default=0)
    return tuple(
        Band(x0, x1) for x0, x1, count in merged if count >= max(3, 0.3 * most)
    )


@lru_cache(maxsize=16)
def _zones(bands: tuple[Band, ...]) -> tuple[tuple[float, float], ...]:
    """Each band widened to half of the gap to its neighbours."""
    gaps = [right.x0 - left.x1 for left, right in pairwise(bands)] or [20.0]
    edge = min(max(min(gaps) / 2, 4.0), 30.0)
    edges = [bands[0].x0 - edge]
    edges += [(left.x1 + right.x0) / 2 for left, right in pairwise(bands)]
    edges.append(bands[-1].x1 + edge)
    return tuple(pairwise(edges))


def zone_words(line: Line, bands: tuple[Band, ...]) -> list[list[Word]]:
    """The words of a line per column, by their centre."""
    zones = _zones(bands)
    return [
        [word for word in line.words if left <= word.centre < right]
        for left, right in zones
    ]


def _is_values(line: Line, bands: tuple[Band, ...]) -> bool:
    edge = _zones(bands)[0][0]
    right = [word for word in line.words if word.centre >= edge]
    if not right or not all(map(looks_printed, right)):
        return False
    return not _numbering(right) and not all(_YEAR.fullmatch(w.text) for w in right)


def _numbering(words: Sequence[Word]) -> bool:
    """A row of column numbers, ``(1) (2) (3)`` or ``1 2 3``, holds no amounts."""
    bare = [re.sub(r"\D", "", word.text) for word in words]
    whole = all(b and "." not in w.text for b, w in zip(bare, words, strict=True))
    if len(bare) < _MIN_COLUMNS or not whole:
        return False
    # Side by side, the count begins anew.
    return all(int(b) in {int(a) + 1, 1} for a, b in pairwise(bare))


def _label(line: Line, bands: tuple[Band, ...]) -> str:
    edge = _zones(bands)[0][0]
    return " ".join(word.text for word in line.words if word.centre < edge)


def _is_label(line: Line, bands: tuple[Band, ...]) -> bool:
    edge = _zones(bands)[0][0]
    return all(word.x0 < edge for word in line.words)


def _labels_before(body: Sequence[Line], bands: tuple[Band, ...]) -> list[Line]:
    kept = [line for line in body if _is_label(line, bands)]
    return kept[-2:]


def _rows(
    body: Sequence[Line], bands: tuple[Band, ...], before: list[Line]
) -> tuple[Row, ...]:
    height = median(w.height for line in body for w in line.words)
    values = [(i, line) for i, line in enumerate(body) if _is_values(line, bands)]
    rows: list[Row] = []
    pending = " ".join(line.text for line in before)
    for order, (index, line) in enumerate(values):
        stop = values[order + 1][0] if order + 1 < len(values) else len(body)
        after = body[index + 1 : min(stop, index + 5)]
        label = _label(line, bands)
        free = [one for one in after if _is_label(one, bands)]
        close = [one for one in free if one.middle - line.middle < 2.2 * height]
        if not label and close and close[0].middle - line.middle < height:
            label = close.pop(0).text
            free = free[1:]
        below = " ".join(one.text for one in close[:1])
        rows.append(Row(label, pending, below, _cells(line, bands), line.middle))
        pending = " ".join(one.text for one in free[-3:])
    return tuple(rows)


def _cells(line: Line, bands: tuple[Band, ...]) -> tuple[Figure | None, ...]:
    zones = zone_words(line, bands)
    for left, right in pairwise(zones):
        # Accounting formats print the minus at the far edge of its cell.
        if len(left) > 1 and left[-1].text in MINUS and right and strong(right[0]):
            right.insert(0, left.pop())
    return tuple(cell(words) for words in zones)
