"""From verified evidence to sentences with references, the answer on top."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dexter.domain.briefs import SynthesisBrief
from dexter.llm.offline import company_prose as prose
from dexter.llm.offline import gaps, market_prose
from dexter.llm.offline.book import STATEMENT, Book
from dexter.llm.offline.feature_prose import features
from dexter.llm.offline.intents import (
    Intent,
    Reading,
    read_question,
    without_names,
)
from dexter.llm.offline.pairing import by_measure

_MOST = 8
_MOST_RANKED = 52
_MOST_EACH = 3
_MOST_SEVERAL = 15
_IDS = re.compile(r"\{\{(\w+)")
_SUFFIX = {"sequential": "qoq", "year_on_year": "yoy"}

Line = str | None


def synthesise(brief: SynthesisBrief) -> dict[str, object]:
    """Sentences for an answer: words and references, never a digit.

    Sentences the claim check refused before are left out, since rules would only write
    them again.

    Returns:
        ``{"sentences": [{"text": …}]}``; empty when nothing was found at all.
    """
    book = Book(brief.evidence)
    reading = _reading(brief, book)
    body = _body(book, reading, brief)
    if _on_another_basis(book, reading):
        body = [*gaps.absences(brief, book, reading, body), *body]
    notes = _notes(brief, book, reading) if body else []
    if any("{{note_sue}}" in note for note in notes):
        body = [line for line in body if "A surprise such as" not in line]
    lines = [*body, *notes, *gaps.conflicts(brief)]
    lines += gaps.absences(brief, book, reading, body)
    kept = [line for line in dict.fromkeys(lines) if not _was_refused(line, brief)]
    return {"sentences": [{"text": line} for line in kept]}


def _reading(brief: SynthesisBrief, book: Book) -> Reading:
    reading = read_question(brief.question, book.people_say())
    bare = without_names(brief.question, book.people_say())
    return replace(reading, own_quarters=by_measure(bare, brief.as_of.date()))


def _on_another_basis(book: Book, reading: Reading) -> bool:
    """Whether figures were found, and none on the basis asked for."""
    bases = {e.basis for e in book.where(lambda e: e.name in STATEMENT) if e.basis}
    return bool(reading.basis and bases and reading.basis not in bases)


def _was_refused(line: str, brief: SynthesisBrief) -> bool:
    return any(line in refused for refused in brief.refused)


def _body(book: Book, reading: Reading, brief: SynthesisBrief) -> list[str]:
    if book.named("rank"):
        return market_prose.ranking(book)[:_MOST_RANKED]
    if not book.names() & {*STATEMENT, "sue", "headline", "filing", "blockbuster"}:
        dated = market_prose.calendar(book, _asked(book, brief))
        if dated or reading.intent is Intent.CALENDAR:
            return dated
    if _compared(book, reading):
        return market_prose.companies(book, reading.measures)[:_MOST]
    asked = _asked(book, brief) or book.symbols
    each = [_company(book, symbol, reading) for symbol in asked]
    if len(asked) == 1:
        return [_named(line, book) for line in each[0][:1]] + each[0][1:_MOST]
    several = [_named(line, book) for lines in each for line in lines[:_MOST_EACH]]
    return several[:_MOST_SEVERAL]


def _named(line: str, book: Book) -> str:
    """The sentence with its company in front, unless it names it already."""
    known = {e.id for e in book.where(lambda e: e.company is not None)}
    first = next((i for i in _IDS.findall(line) if i in known), None)
    if first is None or ".company}}" in line:
        return line
    joint = ", " if line.startswith("{{") else ": "
    return f"{{{{{first}.company}}}}{joint}{line[:1].lower()}{line[1:]}"


def _asked(book: Book, brief: SynthesisBrief) -> tuple[str, ...]:
    """Companies of the evidence that the understood question names."""
    said = f"{brief.understood_as} "
    return tuple(
        symbol
        for symbol in book.symbols
        if f"({symbol})" in said or f" {symbol} " in said
    )


def _compared(book: Book, reading: Reading) -> bool:
    if len(book.symbols) < 2:  # noqa: PLR2004 - a comparison has two
        return False
    return reading.intent in {
        Intent.COMPARE,
        Intent.FIGURE,
        Intent.GROWTH,
        Intent.RESULTS,
        Intent.SURPRISE,
    } or any(name.endswith("_versus") for name in book.names())


def _suffix(book: Book, reading: Reading) -> str:
    """Which growth to tell: the one asked for, else the one that was computed."""
    if reading.comparison:
        return _SUFFIX[reading.comparison.value]
    names = book.names()
    sequential = any(name.endswith("_qoq") for name in names)
    yearly = any(name.endswith("_yoy") for name in names)
    return "qoq" if sequential and not yearly else "yoy"


def _company(book: Book, symbol: str, reading: Reading) -> list[str]:
    write = _FORMS.get(reading.intent, _results)
    lines = [line for line in write(book, symbol, reading) if line]
    # What was found is told before nothing is, but never in place of a figure named.
    if lines or reading.measures or reading.features:
        return lines
    return [line for line in _results(book, symbol, reading) if line]


def _results(book: Book, symbol: str, reading: Reading) -> list[Line]:
    suffix = _suffix(book, reading)
    if _several_quarters(book, symbol):
        change = prose.growth(book, symbol, suffix, reading.measures)
        return [*prose.by_quarter(book, symbol, reading.measures), change]
    return [
        prose.lead(book, symbol),
        prose.growth(book, symbol, suffix),
        prose.margin(book, symbol, suffix),
        prose.surprise(book, symbol),
        prose.reaction(book, symbol),
        prose.scores(book, symbol),
        prose.pattern(book, symbol),
        *prose.headlines(book, symbol, 1),
    ]


def _several_quarters(book: Book, symbol: str) -> bool:
    """Quarters set side by side: three or more, or two without a change between."""
    if book.named("sue", symbol):
        return False
    count = len(book.quarters(symbol))
    grown = any(e.endswith(("_yoy", "_qoq")) for e in book.names())
    return count > 2 or (count == 2 and not grown)  # noqa: PLR2004 - a pair compares


def _figure(book: Book, symbol: str, reading: Reading) -> list[Line]:
    if reading.own_quarters:
        return list(prose.in_their_quarters(book, symbol, reading.own_quarters))
    if _several_quarters(book, symbol):
        return [
            *prose.by_quarter(book, symbol, reading.measures),
            prose.growth(book, symbol, _suffix(book, reading), reading.measures),
        ]
    suffix = _suffix(book, reading)
    return [
        prose.lead(book, symbol, reading.measures),
        prose.growth(book, symbol, suffix, reading.measures),
        _margin_change(book, symbol, suffix, reading),
    ]


def _margin_change(book: Book, symbol: str, suffix: str, reading: Reading) -> Line:
    """The move of a margin asked for; without one, the level was told already."""
    moved = any(name.startswith("net_margin_change") for name in book.names())
    asked = "net_margin" in reading.measures
    return prose.margin(book, symbol, suffix) if asked and moved else None


def _change(book: Book, symbol: str, reading: Reading) -> list[Line]:
    if _several_quarters(book, symbol):
        return _figure(book, symbol, reading)
    suffix = _suffix(book, reading)
    told = "net_margin" in reading.measures or not reading.measures
    change = prose.growth(book, symbol, suffix, reading.measures)
    if change is None and len(book.quarters(symbol)) > 1 and not told:
        # No rate is meaningful (a turnaround, say): both quarters speak instead.
        return list(prose.by_quarter(book, symbol, reading.measures))
    return [
        change,
        prose.lead(book, symbol, reading.measures),
        prose.margin(book, symbol, suffix) if told else None,
    ]


def _surprised(book: Book, symbol: str, _: Reading) -> list[Line]:
    return [
        prose.surprise(book, symbol),
        prose.growth(book, symbol, "yoy"),
        prose.margin(book, symbol, "yoy"),
    ]


def _featured(book: Book, symbol: str, reading: Reading) -> list[Line]:
    told: list[Line] = list(features(book, symbol, reading))
    if reading.measures:
        told.append(prose.lead(book, symbol, reading.measures))
    return told


def _scored(book: Book, symbol: str, _: Reading) -> list[Line]:
    return [
        prose.scores(book, symbol),
        prose.surprise(book, symbol),
        prose.growth(book, symbol, "yoy"),
        prose.pattern(book, symbol),
    ]


def _reacted(book: Book, symbol: str, _: Reading) -> list[Line]:
    return [prose.reaction(book, symbol), *prose.aftermath(book, symbol)]


_FORMS: Mapping[Intent, Callable[[Book, str, Reading], Sequence[Line]]] = {
    Intent.RESULTS: _results,
    Intent.FIGURE: _figure,
    Intent.COMPARE: _change,
    Intent.GROWTH: _change,
    Intent.SURPRISE: _surprised,
    Intent.SCORE: _scored,
    Intent.REACTION: _reacted,
    Intent.FEATURES: _featured,
    Intent.VCP: lambda book, symbol, _: [prose.pattern(book, symbol)],
    Intent.NEWS: lambda book, symbol, _: prose.headlines(book, symbol),
    Intent.FILINGS: lambda book, symbol, _: prose.filings(book, symbol),
    Intent.REPORTED: lambda book, symbol, _: [
        prose.published(book, symbol),
        *market_prose.calendar(book, [symbol]),
        *prose.filings(book, symbol)[:1],
    ],
    Intent.CALENDAR: lambda book, symbol, _: market_prose.calendar(book, [symbol]),
}


def _notes(brief: SynthesisBrief, book: Book, reading: Reading) -> list[str]:
    """What a score means, in code's own words, where the question is about it."""
    offered = {name for name, _ in brief.notes}
    wanted = _NOTES.get(reading.intent, ())
    if book.named("rank"):
        wanted = _RANK_NOTES.get(market_prose.ranked_by(book) or "", ())
    told = " ".join(sorted(book.names()))
    return [
        f"{{{{{note}}}}}"
        for note in wanted
        if note in offered and note.removeprefix("note_") in told
    ]


_NOTES: Mapping[Intent, tuple[str, ...]] = {
    Intent.SURPRISE: ("note_sue",),
    Intent.SCORE: ("note_blockbuster", "note_probability"),
    Intent.VCP: ("note_vcp",),
}
_RANK_NOTES: Mapping[str, tuple[str, ...]] = {
    "blockbuster": ("note_blockbuster",),
    "probability": ("note_probability",),
    "vcp_stood": ("note_vcp",),
    "sue": ("note_sue",),
}
