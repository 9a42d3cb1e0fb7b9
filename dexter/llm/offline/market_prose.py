"""Sentences about several companies: rankings, calendars, comparisons."""

from collections.abc import Sequence

from dexter.domain.evidence import Evidence
from dexter.domain.period import Quarter
from dexter.llm.offline.book import STATEMENT, Book
from dexter.llm.offline.clauses import GROWN, NOUNS, attr, listed, moved, period, ref

_RANKED = {
    "sue": "an earnings surprise (SUE) of",
    "profit_yoy": "net profit growth of",
    "revenue_yoy": "revenue growth of",
    "eps_yoy": "EPS growth of",
    "net_margin": "a net margin of",
    "blockbuster": "a blockbuster score of",
    "probability": "a probability of",
    "reaction": "a price reaction of",
    "vcp_stood": "a VCP that stood before the results, its contractions counting",
}
_BESIDE = ("profit_yoy", "revenue_yoy", "reaction", "blockbuster")
_MOST_BESIDE = 2
_MOST_DATES = 15
_NAMES_A_SENTENCE = 30
_DAY = len("2024-07-12")


def ranking(book: Book) -> list[str]:
    """One sentence a company, in the order of the ranking."""
    places = sorted(book.named("rank"), key=lambda e: e.value or 0)
    said = [
        line for place in places for line in [_place(book, place)] if line is not None
    ]
    meaning = _meaning(book, places)
    return [*said, *meaning]


def ranked_by(book: Book) -> str | None:
    """The name of the value a ranking put companies in order by."""
    values = (_ranked_value(book, place) for place in book.named("rank"))
    return next((value.name for value in values if value is not None), None)


def _ranked_value(book: Book, place: Evidence) -> Evidence | None:
    by_id = {e.id: e for e in book.where(lambda e: e.id in place.inputs)}
    values = [by_id[one] for one in place.inputs if one in by_id]
    return next((e for e in values if e.name in _RANKED), None)


def _place(book: Book, place: Evidence) -> str | None:
    value = _ranked_value(book, place)
    if value is None:
        return None
    said = f"Place {ref(place)} goes to {attr(value, 'company')} with "
    said += f"{_RANKED[value.name]} {ref(value)}{period(value)}"
    symbol = value.symbol or ""
    beside = [
        f"{_RANKED[name]} {ref(other)}"
        for name in _BESIDE
        if name != value.name
        for other in [book.figure(symbol, name)]
        if other is not None and other.basis in {None, value.basis}
    ]
    tail = f", beside {listed(beside[:_MOST_BESIDE])}" if beside else ""
    band = book.figure(symbol, "circuit") if value.name == "reaction" else None
    if band is not None:
        tail += f"; the price band record of that session reads {ref(band)}"
    return f"{said}{tail}."


def _meaning(book: Book, places: Sequence[Evidence]) -> list[str]:
    """What the ranking's value means, where it is easily misread."""
    values = [_ranked_value(book, place) for place in places]
    first = next((value for value in values if value is not None), None)
    if first is None:
        return []
    if first.name == "sue":
        said = (
            f"A surprise such as {ref(first)} is counted from each company's own past "
            "changes of profit rather than from analysts' estimates."
        )
        return [said]
    rate = book.figure(first.symbol or "", "base_rate")
    if first.name == "probability" and rate is not None:
        return [f"The base rate beside these is {ref(rate)}."]
    return []


def calendar(book: Book, symbols: Sequence[str] = ()) -> list[str]:
    """Who published and who meets when; for some companies only, when named."""
    kept = set(symbols or book.symbols)
    dates = [
        e
        for name in ("published_at", "meeting_date")
        for e in book.named(name)
        if e.symbol in kept
    ]
    done = {e.symbol: (e.text or "")[:_DAY] for e in dates if e.name == "published_at"}
    dates = [
        e
        for e in dates
        if e.name == "published_at" or (e.text or "") > done.get(e.symbol, "")
    ]
    said = [_date(e) for e in dates[:_MOST_DATES]]
    rest = dates[_MOST_DATES:]
    return said + [
        f"Further in these days: {listed([attr(e, 'company') for e in some])}."
        for some in (
            rest[at : at + _NAMES_A_SENTENCE]
            for at in range(0, len(rest), _NAMES_A_SENTENCE)
        )
    ]


def _date(evidence: Evidence) -> str:
    who = attr(evidence, "company")
    if evidence.name == "meeting_date":
        return f"The board of {who} meets for its results on {ref(evidence)}."
    what = f"its {attr(evidence, 'period')} results" if evidence.period else "results"
    return f"{who} published {what} on {ref(evidence)}."


def companies(book: Book, measures: Sequence[str] = ()) -> list[str]:
    """Two or more companies side by side, the largest figure on top."""
    names = [name for name in measures if name in NOUNS]
    names = names or ["revenue_from_operations", "net_profit", "net_margin"]
    shared = _shared_quarters(book)
    if len(shared) > 1:
        return [
            line
            for quarter in shared
            for name in names
            for line in [_side_by_side(book, name, quarter)]
            if line
        ]
    said = [line for name in names for line in [_side_by_side(book, name)] if line]
    suffixes = [
        suffix
        for suffix in ("yoy", "qoq")
        if any(name.endswith(f"_{suffix}") for name in book.names())
    ]
    for symbol in book.symbols:
        said += [
            line
            for suffix in suffixes[:1]
            for line in [_growth_of(book, symbol, suffix, names)]
            if line
        ]
    sues = [sue for s in book.symbols for sue in [book.figure(s, "sue")] if sue]
    if sues and not measures:
        parts = [f"{ref(sue)} at {attr(sue, 'company')}" for sue in sues]
        said.append(
            f"The earnings surprise (SUE, counted from a company's own past) is "
            f"{listed(parts)}."
        )
    return said


def _shared_quarters(book: Book) -> list[Quarter]:
    """Quarters every company was read for; only one where growth was computed."""
    if any(name.endswith(("_yoy", "_qoq")) for name in book.names()):
        return []
    read = [set(book.quarters(symbol)) for symbol in book.symbols]
    return sorted(set.intersection(*read), reverse=True) if read else []


def _side_by_side(book: Book, name: str, quarter: Quarter | None = None) -> str | None:
    found = [book.figure(symbol, name, quarter) for symbol in book.symbols]
    values = sorted(
        (e for e in found if e is not None and e.value is not None),
        key=lambda e: -(e.value or 0),
    )
    if not values:
        return None
    top = values[0]
    parts = [f"{ref(e)} at {attr(e, 'company')}{_odd(e, top)}" for e in values]
    verb = "was" if len(values) == 1 or name not in STATEMENT else "came to"
    basis = f" ({attr(top, 'basis')})" if top.basis else ""
    said = f"{NOUNS[name][:1].upper()}{NOUNS[name][1:]}{period(top)}{basis} {verb} "
    return f"{said}{listed(parts)}."


def _odd(evidence: Evidence, top: Evidence) -> str:
    """Said when a figure stands on another basis or period than the top one."""
    odd = []
    if evidence.period and evidence.period != top.period:
        odd.append(attr(evidence, "period"))
    if evidence.basis and evidence.basis is not top.basis:
        odd.append(attr(evidence, "basis"))
    return f" ({', '.join(odd)})" if odd else ""


def _growth_of(
    book: Book, symbol: str, suffix: str, names: Sequence[str]
) -> str | None:
    wanted = [name for name in names if name in GROWN]
    found = [
        (NOUNS[name], change)
        for name in wanted
        for change in [book.figure(symbol, f"{GROWN[name]}_{suffix}")]
        if change is not None
    ]
    if not found:
        return None
    against = "on the year before" if suffix == "yoy" else "on the quarter before"
    parts = [moved(noun, change) for noun, change in found]
    first = found[0][1]
    basis = f" ({attr(first, 'basis')})" if first.basis else ""
    return f"At {attr(first, 'company')}, {listed(parts)} {against}{basis}."
