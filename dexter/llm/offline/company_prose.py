"""Sentences about one company's results, each beside its own references."""

import re
from collections.abc import Mapping, Sequence

from dexter.domain.evidence import Evidence
from dexter.domain.period import Quarter
from dexter.llm.offline.book import Book, quarter_of
from dexter.llm.offline.clauses import (
    GROWN,
    NOUNS,
    ROSE,
    UP,
    attr,
    capital,
    listed,
    moved,
    on_basis,
    period,
    provenance,
    ref,
)

_HEADLINE = ("revenue_from_operations", "net_profit")
_INSTEAD_OF_REVENUE = ("total_income", "interest_earned")
_TOLD_GROWTH = ("revenue_from_operations", "net_profit", "eps_basic")
_MOST_HEADLINES = 6
_MOST_FILINGS = 6
_ABOUT_RESULTS = re.compile(r"result|profit|revenue|earning", re.IGNORECASE)


def lead(book: Book, symbol: str, measures: Sequence[str] = ()) -> str | None:
    """The figures asked for, else revenue and net profit, with period and basis."""
    found = book.figures(symbol, measures or _HEADLINE)
    asked = set(measures or _HEADLINE)
    if "revenue_from_operations" in asked and not any(
        e.name == "revenue_from_operations" for e in found
    ):
        found = book.figures(symbol, _INSTEAD_OF_REVENUE)[:1] + found
    if not found:
        return None
    parts = [f"{NOUNS[e.name]} of {ref(e)}" for e in found if e.name in NOUNS]
    head = found[0]
    who = attr(head, "company") if head.company else "The company"
    return f"{who} reported {listed(parts)}{period(head)}{provenance(head)}."


def growth(
    book: Book, symbol: str, suffix: str, measures: Sequence[str] = ()
) -> str | None:
    """How the lines moved against their base, all on one basis, which is named.

    The answer's own basis where anything is known on it. A growth rate of the other
    basis never stands behind the answer's levels without saying so first.
    """
    names = [name for name in measures or _told(book, symbol) if name in GROWN]
    found = [book.figure(symbol, f"{GROWN[name]}_{suffix}") for name in names]
    own = book.basis(symbol)
    bases = [change.basis for change in found if change is not None]
    if not bases:
        return None
    basis = own if own in bases else bases[0]
    changes = [c if c is not None and c.basis is basis else None for c in found]
    first = next(change for change in changes if change is not None)
    parts = [
        _from_base(book, NOUNS[name], change)
        if change is not None
        else _without_rate(book, symbol, name, first)
        for name, change in zip(names, changes, strict=True)
    ]
    before = book.base_of(first)
    against = "On the year before" if suffix == "yoy" else "On the quarter before"
    if before is not None and before.period and before.period != first.period:
        against = f"Against {attr(before, 'period')}"
    said = listed([part for part in parts if part])
    if basis is own or basis is None:
        return f"{against}, {said}."
    return (
        f"On {attr(first, 'basis')} figures, {against[0].lower()}{against[1:]}, {said}."
    )


def _told(book: Book, symbol: str) -> tuple[str, ...]:
    """The lines growth is told of; a bank's first line is its total income."""
    if book.figure(symbol, "revenue_from_operations") is not None:
        return _TOLD_GROWTH
    return ("total_income", *_TOLD_GROWTH[1:])


def _without_rate(book: Book, symbol: str, name: str, beside: Evidence) -> str | None:
    """Both values where no rate is meaningful: out of a loss, or into a wider one."""
    base = book.base_of(beside)
    quarter = quarter_of(base) if base is not None else None
    now = book.figure(symbol, name)
    before = book.figure(symbol, name, quarter) if quarter else None
    if now is None or before is None or now.period == before.period:
        return None
    if now.basis != before.basis:
        return None
    return f"{NOUNS[name]} came to {ref(now)} from {ref(before)}"


def _from_base(book: Book, noun: str, change: Evidence) -> str:
    before = book.base_of(change)
    same_line = before is not None and before.period != change.period
    tail = f" from {ref(before)}" if before is not None and same_line else ""
    return f"{moved(noun, change)}{tail}"


def margin(book: Book, symbol: str, suffix: str) -> str | None:
    """Net margin, and how far it moved."""
    level = book.figure(symbol, "net_margin")
    name = "net_margin_change" + ("" if suffix == "yoy" else f"_{suffix}")
    change = book.figure(symbol, name)
    if level is None:
        return None
    said = f"Net margin was {ref(level)}"
    if change is not None and change.basis == level.basis:
        said += f", {UP.of(change)} {ref(change)}"
    return f"{said}{on_basis(level, book.basis(symbol))}."


def surprise(book: Book, symbol: str) -> str | None:
    """SUE, and what it is measured from."""
    sue = book.figure(symbol, "sue")
    if sue is None:
        return None
    basis = on_basis(sue, book.basis(symbol))
    return (
        f"The earnings surprise (SUE) was {ref(sue)}{period(sue)}{basis}, counted from "
        "the company's own past changes of profit rather than from analysts' estimates."
    )


def reaction(book: Book, symbol: str) -> str | None:
    """The move of the close around the results."""
    change = book.figure(symbol, "reaction")
    before = book.figure(symbol, "close_before")
    after = book.figure(symbol, "close_after")
    if change is not None and before is not None and after is not None:
        return (
            f"The share price {ROSE.of(change)} {ref(change)}, from {ref(before)} "
            f"before the results to {ref(after)} at the close that followed them."
        )
    if change is not None:
        return f"The share price {ROSE.of(change)} {ref(change)} on the results."
    if before is not None:
        return f"The last close before the results was {ref(before)}."
    last = book.figure(symbol, "close")
    return f"The last close is {ref(last)}." if last is not None else None


def aftermath(book: Book, symbol: str) -> list[str]:
    """What followed: later closes and the price band, for questions about the price."""
    said = []
    later = book.figure(symbol, "reaction_later")
    if later is not None:
        said.append(
            f"In the sessions that followed, the share price {ROSE.of(later)} "
            f"{ref(later)} in all from before the results."
        )
    band = book.figure(symbol, "circuit")
    if band is not None:
        said.append(f"The price band record of that session reads {ref(band)}.")
    return said


def scores(book: Book, symbol: str) -> str | None:
    """Blockbuster score and probability, the latter never without its base rate."""
    parts = []
    score = book.figure(symbol, "blockbuster")
    if score is not None:
        parts.append(f"the blockbuster score is {ref(score)}")
    likely = book.figure(symbol, "probability")
    if likely is not None:
        rate = book.figure(symbol, "base_rate")
        beside = f" beside a base rate of {ref(rate)}" if rate is not None else ""
        parts.append(
            "the champion model puts the probability of an upper circuit soon after "
            f"publication at {ref(likely)}{beside}"
        )
    return f"{capital('; '.join(parts))}." if parts else None


def pattern(book: Book, symbol: str) -> str | None:
    """The VCP before the results, in counts; descriptive only."""
    legs = book.figure(symbol, "vcp_contractions")
    passed = book.figure(symbol, "vcp_template_passed")
    parts = []
    stood = "no whole VCP stood" if legs is not None else ""
    if book.figure(symbol, "vcp_stood") is not None:
        stood = "a VCP stood"
    if legs is not None:
        noun = "tightening" if legs.value == 1 else "tightenings"
        parts.append(f"the VCP search counted {ref(legs)} {noun} of the price range")
    if passed is not None:
        parts.append(f"{ref(passed)} of the trend template's conditions were met")
    dry = book.figure(symbol, "vcp_volume_dry_up")
    if dry is not None:
        parts.append(f"volume was at a ratio of {ref(dry)} to its average")
    said = f"{listed(parts)}" if parts else ""
    told = ": ".join(one for one in (stood, said) if one)
    return f"Before the results, {told}." if told else None


def headlines(book: Book, symbol: str, most: int = _MOST_HEADLINES) -> list[str]:
    """Headlines quoted with their time, newest last; those on results when few fit."""
    found = list({e.text: e for e in book.named("headline", symbol)}.values())
    if most < len(found):
        found = [e for e in found if _ABOUT_RESULTS.search(e.text or "")] or found
    return [
        f"{attr(e, 'known_at')}: {ref(e)}" if e.known_at else f"Undated: {ref(e)}"
        for e in found[-most:]
    ]


def filings(book: Book, symbol: str) -> list[str]:
    """When documents became public; those of unknown date are left to the absences."""
    dated = {e.known_at: e for e in book.named("filing", symbol) if e.known_at}
    return [
        f"A filing of {attr(e, 'company')} became public on {attr(e, 'known_at')}."
        for e in list(dated.values())[:_MOST_FILINGS]
    ]


def published(book: Book, symbol: str) -> str | None:
    """When the focus quarter's figures became public."""
    lines = book.figures(symbol, ("net_profit", *_HEADLINE, *_INSTEAD_OF_REVENUE))
    dated = next((e for e in lines if e.known_at and e.period), None)
    if dated is None:
        return None
    return (
        f"{attr(dated, 'company')} made its {attr(dated, 'period')} results public on "
        f"{attr(dated, 'known_at')}."
    )


def in_their_quarters(
    book: Book, symbol: str, quarters: Mapping[str, Quarter]
) -> list[str]:
    """One sentence a measure, each of its own quarter."""
    return [
        f"For {attr(e, 'period')}, {NOUNS[name]} was {ref(e)} at "
        f"{attr(e, 'company')}{provenance(e)}."
        for name, quarter in quarters.items()
        for e in [book.figure(symbol, name, quarter)]
        if e is not None
    ]


def by_quarter(book: Book, symbol: str, measures: Sequence[str] = ()) -> list[str]:
    """One sentence a quarter, newest on top."""
    names = [name for name in measures if name in NOUNS] or list(_HEADLINE)
    said = []
    for quarter in book.quarters(symbol):
        found = [book.figure(symbol, name, quarter) for name in names]
        lines = [e for e in found if e is not None]
        if lines:
            parts = [f"{NOUNS[e.name]} was {ref(e)}" for e in lines]
            who = attr(lines[0], "company")
            when = attr(lines[0], "period")
            said.append(f"For {when}, {listed(parts)} at {who}.")
    return said
