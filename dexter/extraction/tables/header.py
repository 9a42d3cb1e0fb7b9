"""What period each column speaks of, from the header above it."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

from dexter.extraction.pages.levels import Line, beside
from dexter.extraction.pages.words import Word
from dexter.extraction.tables.roles import Period, as_usual, since_april
from dexter.extraction.tables.table import Table, zone_words

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name}
_MONTHS["dez"] = 12  # seen in real filings
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|dez)[a-z]*"
_SEP = r"[\s\-./,'’:]*"
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?{_SEP}{_MONTH}{_SEP}(\d{{4}}|\d{{2}})\b",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"\b{_MONTH}{_SEP}(\d{{1,2}})(?:st|nd|rd|th)?{_SEP}(\d{{4}})\b", re.IGNORECASE
)
_NUMERIC = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})\b")
# "June 30," is a day whose year stands elsewhere.
_MONTH_YEAR = re.compile(rf"\b{_MONTH}{_SEP}(\d{{4}}|\d{{2}})\b(?!\s*,)", re.IGNORECASE)
_ASIDE = re.compile(
    r"(?:figures?\s+for\s+)?(?:in\s+)?(?:the\s+)?(?:previous|current|corresponding|last|"
    r"preceding)\s+(?:accounting\s+|financial\s+)?(?:year|period)(?:\s+ended)?",
    re.IGNORECASE,
)
_KINDS = (
    (6, re.compile(r"half[\s-]*year|six\s*months?|\b6\s*months?", re.IGNORECASE)),
    (9, re.compile(r"nine\s*months?|\b9\s*months?", re.IGNORECASE)),
    (3, re.compile(r"quarter|three\s*months?|\b0?3\s*months?", re.IGNORECASE)),
    (0, re.compile(r"year\s*to\s*date|\bytd\b|period\s*ended", re.IGNORECASE)),
    (
        12,
        re.compile(
            r"\byear|twelve\s*months?|\b12\s*months?|\bf\.?\s*y\.?\b", re.IGNORECASE
        ),
    ),
)
# "MARCH 3I," is how scans, and some typists, spell the last of March.
_MISREAD_DAY = re.compile(r"\b3[IlitT|!](?=[\s.,/-]|$)")
_REACH = 5
_RUN = 0.9
_TITLE_WORDS = 7
_TITLE_SHARE = 0.6
_IMPOSSIBLE = 1000.0
_UNUSUAL = 40.0
_WIDE = 1.15
_NEAR = 0.75
_YEAR = 12
_QUARTER = 3
_TITLE = re.compile(r"results?\b|statement", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Phrase:
    months: int
    x0: float
    x1: float

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2


def column_periods(table: Table) -> list[Period | None]:
    """The period of each band, ``None`` where no single date is printed."""
    ends = [_column_end(table, index) for index in range(len(table.bands))]
    kinds = _kinds(table, ends)
    return [
        Period(end, kind) if end else None
        for end, kind in zip(ends, kinds, strict=True)
    ]


def speaks_otherwise(table: Table, columns: int) -> bool:
    """Whether words over the first columns speak of another period than a quarter."""
    low = max(0, table.dates - _REACH)
    for line in table.header[low:]:
        if _TITLE.search(line.text):
            continue
        over = zone_words(line, table.bands)[:columns]
        text = " ".join(word.text for words in over for word in words)
        if any(p.search(text) for months, p in _KINDS if months != _QUARTER):
            return True
    return False


def _column_end(table: Table, index: int) -> date | None:
    """From the line of dates, then with what is stacked under it, then above it."""
    start = table.dates
    stop = len(table.header)
    low = max(0, start - _REACH)
    for first, last in ((start, start + 1), (start, start + 3), (low, stop)):
        end = read_end(_column_text(table, index, first, last))
        if end:
            return end
    return None


def _column_text(table: Table, index: int, first: int, last: int) -> str:
    return " ".join(
        text
        for line in table.header[first:last]
        if not _is_title(line, table)
        for text in header_words(line, table)[index]
    )


def header_words(line: Line, table: Table) -> list[list[str]]:
    """A header line's words per column: whole runs to the nearest column.

    A date is often wider than the numbers under it; only a run that is too wide for
    one column is taken apart.
    """
    centres = [band.centre for band in table.bands]
    pitch = min((b - a for a, b in pairwise(centres)), default=60.0)
    found: list[list[str]] = [[] for _ in centres]
    for run in _runs(line):
        if run[-1].x1 - run[0].x0 > _WIDE * pitch:
            for index, words in enumerate(zone_words(Line(tuple(run)), table.bands)):
                found[index] += [word.text for word in words]
            continue
        middle = (run[0].x0 + run[-1].x1) / 2
        index = min(range(len(centres)), key=lambda i: abs(centres[i] - middle))
        if abs(centres[index] - middle) < _NEAR * pitch:
            found[index] += [word.text for word in run]
    return found


def _is_title(line: Line, table: Table) -> bool:
    """Running words right across the columns are a title, not column headers."""
    wide = table.bands[-1].x1 - table.bands[0].x0
    return any(
        min(run[-1].x1, table.bands[-1].x1) - max(run[0].x0, table.bands[0].x0)
        > _TITLE_SHARE * wide
        or len(run) > _TITLE_WORDS
        for run in _runs(line)
    )


def read_end(text: str) -> date | None:
    """The one quarter-end date in a header text, or ``None``.

    Two different dates, or a day that is not a quarter's last, are no date.
    """
    text = _MISREAD_DAY.sub("31", text)
    found: set[date | None] = set()
    for pattern, order in (
        (_DAY_MONTH, "dmy"),
        (_MONTH_DAY, "mdy"),
        (_NUMERIC, "dmy"),
    ):
        for match in pattern.findall(text):
            parts = dict(zip(order, match, strict=True))
            found.add(_end(parts["d"], parts["m"], parts["y"]))
    if not found:
        found = {_end(None, month, year) for month, year in _MONTH_YEAR.findall(text)}
    return found.pop() if len(found) == 1 else None


def _end(day: str | None, month: str, year: str) -> date | None:
    number = int(month) if month.isdigit() else _MONTHS[month[:3].lower()]
    full = int(year) + (2000 if len(year) == 2 else 0)  # noqa: PLR2004 - "25" is 2025
    if number not in {3, 6, 9, 12} or not 1990 < full < 2100:  # noqa: PLR2004 - plausible years
        return None
    last = calendar.monthrange(full, number)[1]
    if day is not None and int(day) != last:
        return None
    return date(full, number, last)


def _kinds(table: Table, ends: Sequence[date | None]) -> list[int | None]:
    count = len(table.bands)
    low = max(0, table.dates - _REACH)
    stop = len(table.header)
    own = [_months(_column_text(table, i, low, stop)) for i in range(count)]
    if all(kind is not None for kind in own):
        return own
    left = table.bands[0].x0 - 40
    near = table.header[low:]
    merged = _distinct([one for line in near for one in _phrases(line, left)])
    if not merged or len(merged) > count:
        return [None] * count
    return _spread(merged, _centres(table), ends)


def _centres(table: Table) -> list[float]:
    """Where each column's header is centred: its date words, else its numbers."""
    words = zone_words(table.header[table.dates], table.bands)
    return [
        (found[0].x0 + found[-1].x1) / 2 if found else band.centre
        for found, band in zip(words, table.bands, strict=True)
    ]


def _runs(line: Line) -> list[list[Word]]:
    runs: list[list[Word]] = []
    for word in line.words:
        if runs and beside(runs[-1][-1], word, _RUN):
            runs[-1].append(word)
        else:
            runs.append([word])
    return runs


def _phrases(line: Line, left: float) -> list[_Phrase]:
    found = []
    for run in _runs(line):
        months = _months(" ".join(word.text for word in run))
        if months is None or run[-1].x1 < left or len(run) > _TITLE_WORDS:
            continue
        found.append(_Phrase(months, run[0].x0, run[-1].x1))
    return found


def _months(text: str) -> int | None:
    kinds = []
    bare = _ASIDE.sub(" ", text)
    text = bare if any(p.search(bare) for _, p in _KINDS) else text
    for months, pattern in _KINDS:
        if pattern.search(text):
            kinds.append(months)
            text = pattern.sub(" ", text)
    return kinds[0] if len(kinds) == 1 else None


def _distinct(phrases: Sequence[_Phrase]) -> list[_Phrase]:
    """One phrase per place, left to right; overlapping contradictions give none."""
    kept: list[_Phrase] = []
    for phrase in sorted(phrases, key=lambda one: one.centre):
        last = kept[-1] if kept else None
        if last and phrase.x0 < last.x1 and last.x0 < phrase.x1:
            if last.months != phrase.months:
                return []
            continue
        kept.append(phrase)
    return kept


def _spread(
    phrases: Sequence[_Phrase],
    centres: Sequence[float],
    ends: Sequence[date | None],
) -> list[int | None]:
    """Phrases span neighbouring columns: the split that fits dates and places best."""
    count = len(centres)
    usual = as_usual([end for end in ends[:_QUARTER] if end])
    best: tuple[float, list[int | None]] | None = None
    for cuts in combinations(range(1, count), len(phrases) - 1):
        edges = list(pairwise([0, *cuts, count]))
        off = sum(
            abs((centres[a] + centres[b - 1]) / 2 - phrase.centre)
            for (a, b), phrase in zip(edges, phrases, strict=True)
        )
        kinds: list[int | None] = [
            phrase.months
            for (a, b), phrase in zip(edges, phrases, strict=True)
            for _ in range(a, b)
        ]
        off += _IMPOSSIBLE * _contradictions(kinds, ends)
        off += _UNUSUAL * (usual and kinds[:_QUARTER] != [_QUARTER] * _QUARTER)
        if best is None or off < best[0]:
            best = (off, kinds)
    return best[1] if best else [None] * count


def _contradictions(kinds: Sequence[int | None], ends: Sequence[date | None]) -> int:
    """Columns that repeat a period, or say six months where nine have passed."""
    pairs = [(k, e) for k, e in zip(kinds, ends, strict=True) if e]
    repeated = len(pairs) - len(set(pairs))
    return repeated + sum(
        1 for kind, end in pairs if kind in {6, 9, _YEAR} and kind != since_april(end)
    )
