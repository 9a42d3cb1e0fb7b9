"""The outbox on the screen: what is to go out, what went, what nobody would take."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dexter.domain.delivered import DeliverySummary, Outcome
from dexter.domain.delivery import Delivery, DeliveryState, Key
from dexter.domain.moment import IST

MOST_SENT = 20
_BESIDE = 140
"""Columns from which on reasons stand beside the rows; below them otherwise."""
_ITEM, _RECIPIENT = 40, 20
_STATES = (
    DeliveryState.SENDING,
    DeliveryState.UNKNOWN,
    DeliveryState.PENDING,
    DeliveryState.DEAD,
    DeliveryState.SENT,
)
_COLOURS = {
    DeliveryState.SENDING: "yellow",
    DeliveryState.UNKNOWN: "yellow",
    DeliveryState.PENDING: "blue",
    DeliveryState.DEAD: "red",
    DeliveryState.SENT: "green",
}
_DONE = {
    Outcome.SENT: "sent",
    Outcome.REPEATED: "sent as a possible repeat",
    Outcome.UNKNOWN: "without an answer",
    Outcome.PUT_OFF: "put off",
    Outcome.BUSY: "asked to wait",
    Outcome.HELD: "held back",
    Outcome.DEAD: "given up",
    Outcome.SUPERSEDED: "superseded",
}


def shown(rows: Sequence[Delivery], letters: Collection[Key], console: Console) -> None:
    """All that is not sent, then the latest of what is, and the counts.

    Args:
        rows: Every delivery, oldest first.
        letters: Which of the dead are dead letters; the others were superseded.
        console: Where to.
    """
    if not rows:
        console.print("[dim]the outbox is empty[/]")
        return
    sent = [row for row in rows if row.state is DeliveryState.SENT]
    sent.sort(key=lambda row: row.sent_at or row.due_at)
    others = [row for row in rows if row.state is not DeliveryState.SENT]
    others.sort(key=lambda row: (_STATES.index(row.state), row.due_at))
    drawn, beside = [*others, *sent[-MOST_SENT:]], console.width >= _BESIDE
    console.print(_table(drawn, letters, beside=beside))
    for row in () if beside else drawn:
        if _why(row):
            console.print(f"[dim]· {escape(_told(row))}[/]", soft_wrap=True)
    more = len(sent) - MOST_SENT
    if more > 0:
        console.print(f"[dim]and {more:,} sent before; all of them with --json[/]")
    _counted(rows, letters, console)


def delivered(summary: DeliverySummary, console: Console) -> None:
    """What a delivering did."""
    if summary.elsewhere:
        console.print("[yellow]another process is delivering; nothing was done[/]")
        return
    if not summary.did:
        console.print("[dim]nothing was due[/]")
    for channel, outcomes in summary.did.items():
        told = [f"{times:,} {_DONE[one]}" for one, times in outcomes.items()]
        console.print(f"{escape(channel)}: {', '.join(told)}")
    if summary.next_due is not None:
        console.print(f"[dim]next due {_moment(summary.next_due)} IST[/]")


def _table(
    rows: Sequence[Delivery], letters: Collection[Key], *, beside: bool
) -> Table:
    gap = 2 if beside else 1
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, gap, 0, 0))
    # A notice is called by its first line, which may be long.
    table.add_column("item", overflow="fold", max_width=_ITEM)
    table.add_column("", no_wrap=True)
    table.add_column("channel", no_wrap=True)
    table.add_column("recipient", overflow="fold", max_width=_RECIPIENT)
    table.add_column("state", no_wrap=True)
    table.add_column("tries", justify="right", no_wrap=True)
    table.add_column("when", no_wrap=True)
    if beside:
        table.add_column("why", overflow="fold")
    for row in rows:
        table.add_row(
            escape(row.item),
            f"v{row.version}" if row.version > 1 else "",
            row.channel,
            escape(row.recipient),
            f"[{_COLOURS[row.state]}]{_state(row, letters)}[/]",
            str(row.attempts),
            _when(row),
            *([escape(_why(row))] if beside else []),
        )
    return table


def _state(row: Delivery, letters: Collection[Key]) -> str:
    closed = row.state is DeliveryState.DEAD and row.key not in letters
    return "closed" if closed else row.state.value


def _when(row: Delivery) -> str:
    moment = row.sent_at or row.due_at
    waits = row.state in {DeliveryState.PENDING, DeliveryState.UNKNOWN}
    return f"{'due ' if waits else ''}{_moment(moment)}"


def _why(row: Delivery) -> str:
    again = f"{row.repeats} sent as possible repeats" if row.repeats else ""
    return "; ".join(one for one in (row.reason or "", again) if one)


def _told(row: Delivery) -> str:
    version = f" version {row.version}" if row.version > 1 else ""
    return f"{row.item}{version} to {row.recipient}: {_why(row)}"


def _counted(
    rows: Sequence[Delivery], letters: Collection[Key], console: Console
) -> None:
    counts: Mapping[str, int] = {
        state.value: sum(row.state is state for row in rows) for state in _STATES
    }
    told = [f"{n:,} {state}" for state, n in counts.items() if n]
    console.print(f"[dim]{', '.join(told)}[/]")
    if letters:
        ask = "take one up again: dexter alerts outbox --again ID --send"
        many = "letter" if len(letters) == 1 else "letters"
        console.print(f"[red]{len(letters):,} dead {many}[/][dim]; {ask}[/]")


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(IST):%d %b %H:%M}"
