"""Titles and column headers, worded as filings word them."""

import random
from collections.abc import Sequence
from itertools import groupby

from dexter.domain.filing import Basis
from tests.extraction.synthetic.columns import Span
from tests.extraction.synthetic.style import Style

HeadLine = list[tuple[str, int, int]]
_PERIODS = {
    3: ("Quarter ended", "Quarter Ended", "Three months ended", "3 Months ended"),
    6: ("Half year ended", "Half Year Ended", "Six months ended"),
    9: ("Nine months ended", "Nine Months Ended", "9 Months ended"),
    12: ("Year ended", "Year Ended", "For the year ended"),
}
_TITLE = {3: "", 6: " and Half Year", 9: " and Nine Months", 12: " and Year"}


def title(
    rng: random.Random, style: Style, bases: Sequence[Basis], spans: Sequence[Span]
) -> str:
    """The heading of a statement; without a basis where there is none to name."""
    now = spans[0]
    months = max(one.months for one in spans if one.end == now.end)
    named = " and ".join(one.capitalize() for one in bases)
    audit = "Audited" if now.end.month == 3 else "Unaudited"
    form = rng.choice(
        (
            "Statement of {named} {audit} Financial Results for the Quarter{longer}",
            "{audit} {named} Financial Results for the quarter{longer}",
            "STATEMENT OF {audit} {named} FINANCIAL RESULTS FOR THE QUARTER{longer}",
        )
    )
    words = form.format(named=named, audit=audit, longer=_TITLE[months])
    words = words.upper() if "STATEMENT" in form else words
    day = f"{now.end:%B %d, %Y}" if "Statement" in form else f"{now.end:%d.%m.%Y}"
    words += f" {'ENDED' if 'STATEMENT' in form else 'ended'} {day}"
    unit = f" ({style.unit_words})" if style.unit_place == "title" else ""
    return " ".join(f"{words}{unit}".split())


def date_text(span: Span, form: str) -> str:
    """A column's date; ``{th}`` is the day with its ending."""
    day = f"{span.end.day}{'st' if span.end.day == 31 else 'th'}"
    return span.end.strftime(form.replace("{th}", day))


def columns(
    rng: random.Random, style: Style, spans: Sequence[Span], *, swap: bool
) -> list[HeadLine]:
    """Header lines from the top; each text spans columns first to last.

    ``swap`` exchanges the words for quarters and for longer periods: a trap.
    """
    said = {months: rng.choice(words) for months, words in _PERIODS.items()}
    longer = next((one.months for one in spans if one.months > 3), 3)
    if swap:
        said[3], said[longer] = said[longer], said[3]
    dates = [date_text(one, style.dates) for one in spans]
    lines: list[HeadLine] = []
    if style.header == "spanning":
        lines.append(_groups(spans, said))
        lines.append([(text, i, i) for i, text in enumerate(dates)])
    elif style.header == "older":
        texts = [_older(one, text) for one, text in _zip(spans, dates)]
        if swap:
            texts[0], texts[3] = texts[3], texts[0]
        lines.append([(text, i, i) for i, text in enumerate(texts)])
    else:
        own = [f"{said[one.months]} {text}" for one, text in _zip(spans, dates)]
        if style.header == "own":
            lines.append([(text, i, i) for i, text in enumerate(own)])
        else:
            lines.append([(said[s.months], i, i) for i, s in enumerate(spans)])
            lines.append([(text, i, i) for i, text in enumerate(dates)])
    if style.audit_row:
        form = rng.choice(("({})", "{}", "({})"))
        word = rng.choice(("Unaudited", "Unaudited", "Reviewed"))
        lines.append(
            [
                (form.format("Audited" if s.end.month == 3 else word), i, i)
                for i, s in enumerate(spans)
            ]
        )
    if style.column_numbers:
        lines.append([(f"({i + 1})", i, i) for i in range(len(spans))])
    return lines


def _zip(spans: Sequence[Span], dates: Sequence[str]) -> list[tuple[Span, str]]:
    return list(zip(spans, dates, strict=True))


def _groups(spans: Sequence[Span], said: dict[int, str]) -> HeadLine:
    found = []
    place = 0
    for months, group in groupby(spans, key=lambda one: one.months):
        size = len(list(group))
        found.append((said[months], place, place + size - 1))
        place += size
    return found


def _older(span: Span, text: str) -> str:
    if span.months == 3:
        kind = {0: "", 1: "Preceding ", 4: "Corresponding "}[span.quarters[0]]
        tail = " in the previous year" if span.quarters[0] == 4 else ""
        return f"{kind}3 months ended{tail} {text}"
    if span.months == 12:
        return f"{'Previous year' if span.quarters[0] else 'Year'} ended {text}"
    which = "current period" if span.quarters[0] == 0 else "previous year"
    return f"Year to date figures for {which} ended {text}"
