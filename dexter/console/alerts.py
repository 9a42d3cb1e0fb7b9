"""The ledger of alerts on the screen: what was said, and what became of it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dexter.console.card import card
from dexter.domain.ledger import AlertOutcome, AlertRecord, KeptAlert, OutcomeState
from dexter.domain.moment import IST
from dexter.ml.intervals import Estimate
from dexter.ml.ledger import Came, Group, LedgerSummary
from dexter.ml.spreads import Spread
from dexter.ml.verdict import number, spread

MOST_NAMED = 20
_WIDE = 96
"""Columns from which on every date of the list is written out; an id always is."""
_SHORT = "%d %b %H:%M"
_GIVES = 2
_UNKNOWN = tuple(state for state in OutcomeState if state is not OutcomeState.KNOWN)


def listed(records: Sequence[AlertRecord], console: Console) -> None:
    """Alerts, newest first."""
    if not records:
        console.print("[dim]no alerts[/]")
        return
    wide = console.width >= _WIDE
    names = ("alert", "", "", "published", "P(circuit)", "score", "sent")
    table = _table(names, left=4, gap=_gap(console))
    for one in records:
        table.add_row(
            escape(one.id),
            f"v{one.version}" if one.version > 1 else "",
            one.priority.value,
            _when(one.published_at, "%d %b %Y %H:%M" if wide else _SHORT, "unknown"),
            _said(one.probability, percent=True),
            _said(one.blockbuster, places=1),
            _when(one.sent_at, _SHORT if wide else "yes", "–"),
        )
    console.print(table)


def shown(kept: KeptAlert, outcomes: Sequence[AlertOutcome], console: Console) -> None:
    """One alert as it went out, and what became of it."""
    record = kept.record
    console.print(card(kept.alert))
    console.print(
        f"[dim]recorded {record.made_at.astimezone(IST):%d %b %Y %H:%M} IST as version "
        f"{record.version} by run {escape(record.run_id)}[/]"
    )
    table = _table(
        ("sessions", "state", "bought", "return", "less the market", "circuit"), left=2
    )
    mine = [one for one in outcomes if one.version == record.version]
    for one in mine:
        table.add_row(
            str(one.horizon),
            _words(one.state),
            str(one.entry_day or "–"),
            _said(one.net_return, percent=True, signed=True),
            _said(one.abnormal, percent=True, signed=True),
            {True: "yes", False: "no", None: "–"}[one.hit],
        )
    console.print(table if mine else "[dim]its outcomes were not looked for yet[/]")


def outcomes(summary: LedgerSummary, console: Console) -> None:
    """Every group beside all events of its days, then the unknown by name."""
    for title, names, cells in _TABLES:
        console.print(f"[bold]{title}[/]")
        table = _table(("after", "", *names), left=2, gap=_gap(console))
        for group in summary.groups:
            table.add_row(*_which(group), *cells(group))
        console.print(table)
    console.print(
        "[dim]After so many sessions; 95% intervals. A hit closed at its upper limit "
        "within them from publication on; returns are from the first tradable price "
        "after it. Of all: every event with the same session 0. Late: made after that "
        "price.[/]"
    )
    _named(summary.unknown, console)


def _which(group: Group) -> Iterator[str]:
    yield str(group.horizon)
    yield group.name if group.kind == "all" else f"{group.kind} {group.name}"


def _counts(group: Group) -> Iterator[str]:
    states = dict(group.states)
    yield f"{group.alerts.events:,}"
    yield from (f"{states[state]:,}" for state in _UNKNOWN)
    yield f"{group.late:,}"


def _hits(group: Group) -> Iterator[str]:
    ours = group.alerts
    yield f"{_percent(ours.rate)} of {ours.labelled:,}" if ours.rate else "–"
    yield _bounds(ours.clustered)
    yield _base(group.everyone)


def _returns(group: Group) -> Iterator[str]:
    yield _percent(group.alerts.earned, signed=True)
    yield _value(group.everyone.earned, signed=True)
    yield _percent(group.alerts.moved, signed=True)


def _base(everyone: Came) -> str:
    said = _value(everyone.rate)
    return f"{said} of {everyone.labelled:,}" if everyone.rate else said


def _named(unknown: Sequence[AlertOutcome], console: Console) -> None:
    for state in _UNKNOWN:
        mine = [one for one in unknown if one.state is state]
        if not mine:
            continue
        told = [f"{escape(one.alert_id)} ({one.horizon})" for one in mine[:MOST_NAMED]]
        more = len(mine) - len(told)
        rest = f" and {more:,} more" if more else ""
        console.print(f"[yellow]{_words(state)}[/] {', '.join(told)}{rest}")


def _table(names: Sequence[str], left: int, gap: int = 2) -> Table:
    """A table whose first columns give way to the others; nothing of them is cut."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, gap, 0, 0))
    for place, name in enumerate(names):
        gives = place < min(left, _GIVES)
        table.add_column(
            name,
            justify="left" if place < left else "right",
            overflow="fold",
            no_wrap=not gives,
        )
    return table


def _gap(console: Console) -> int:
    return 2 if console.width >= _WIDE else 1


def _when(moment: datetime | None, how: str, never: str) -> str:
    return never if moment is None else f"{moment.astimezone(IST):{how}}"


def _words(state: OutcomeState) -> str:
    return state.value.replace("_", " ")


def _said(
    value: object, *, percent: bool = False, signed: bool = False, places: int = 2
) -> str:
    if value is None:
        return "–"
    return number(float(str(value)), percent=percent, signed=signed, places=places)


def _value(found: Spread | None, *, signed: bool = False) -> str:
    return "–" if found is None else number(found.value, percent=True, signed=signed)


def _percent(found: Spread | None, *, signed: bool = False) -> str:
    if found is None or found.low is None or found.high is None:
        return _value(found, signed=signed)
    whole = Estimate(found.value, found.low, found.high)
    return spread(whole, percent=True, signed=signed)


def _bounds(found: Spread | None) -> str:
    if found is None or found.low is None or found.high is None:
        return "–"
    low, high = (number(one, percent=True) for one in (found.low, found.high))
    return f"{low} to {high}"


_TABLES: tuple[tuple[str, tuple[str, ...], Callable[[Group], Iterator[str]]], ...] = (
    ("What is known", ("alerts", *map(_words, _UNKNOWN), "late"), _counts),
    ("Hits", ("hit rate (Wilson)", "by session", "of all"), _hits),
    ("Returns", ("return after cost", "of all", "less the market"), _returns),
)
