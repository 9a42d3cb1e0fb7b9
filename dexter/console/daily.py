"""A day of research on the screen: alerts, what needs a person, then counts."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dexter.console.card import card
from dexter.domain.alert import Alert
from dexter.domain.moment import IST
from dexter.domain.numerals import grouped, percent

Document = Mapping[str, Any]
FINE = "fine"
_CARDS = 8
_ROWS = 12
_NAMES = 20
_COLOURS = {"review": "yellow", "failed": "red", "no_document": "yellow"}


def show(document: Document, alerts: Sequence[Alert], console: Console) -> None:
    """A day as its operator reads it: nothing that is silent takes more than a line."""
    _alerts(document, alerts, console)
    _person(document, console)
    _counts(document, console)
    for line in (*_silent(document), *_remarks(document)):
        console.print(f"[dim]–[/] {escape(line)}")
    if document["reason"]:
        console.print(f"[yellow]{document['state']}[/]: {_safe(document['reason'])}")


def _alerts(document: Document, alerts: Sequence[Alert], console: Console) -> None:
    """The loudest as cards, each in its latest version; the others in a row each."""
    latest = {alert.id: alert for alert in alerts}.values()
    amended = {
        one["alert_id"]: one["alert_version"]
        for one in document["filings"]
        if (one["alert_version"] or 1) > 1
    }
    loudest = sorted(latest, key=lambda one: one.priority.rank)
    for alert in loudest[:_CARDS]:
        console.print(card(alert))
        if alert.id in amended:
            console.print(f"[yellow]amended[/]: version {amended[alert.id]} of it")
    if loudest[_CARDS:]:
        table = _table("", "and", "quarter", "P(circuit)", "score")
        for alert in loudest[_CARDS:]:
            chance, score = alert.prediction, alert.blockbuster.score
            table.add_row(
                alert.priority.value,
                _safe(f"{alert.company} ({alert.symbol})"),
                alert.period,
                percent(chance.probability, signed=False) if chance else "none",
                "none" if score is None else grouped(score, 0),
            )
        console.print(table)


def _person(document: Document, console: Console) -> None:
    """What was read and is not proven, and what broke."""
    filings = document["filings"]
    rows = [one for state in ("failed", "review") for one in _in(filings, state)]
    if not rows:
        return
    console.print("[bold]For a person to look at[/]")
    table = _table("", "company", "published", "filing", "why")
    for one in rows[:_ROWS]:
        state = one["state"]
        table.add_row(
            f"[{_COLOURS[state]}]{state}[/]",
            _safe(one["symbol"] or "unknown"),
            when(one["published_at"], document["date"]),
            _safe(one["id"]),
            _safe(one["reason"] or ""),
        )
    console.print(table)
    if len(rows) > _ROWS:
        console.print(f"[dim]and {len(rows) - _ROWS} more, in the report[/]")
    # In the invented market nothing is decided.
    if not document["fictional"] and any(one["state"] == "review" for one in rows):
        console.print("[dim]decide with[/] dexter extract review FILING")


def _counts(document: Document, console: Console) -> None:
    marks = ("fictional", "an invented market"), ("dry_run", "nothing kept or sent")
    told = "; ".join(said for name, said in marks if document[name])
    console.print(
        f"[bold]{document['date']}[/]: {counted(document)}"
        f"{f' [yellow]({told})[/]' if told else ''}"
    )
    sent = Counter(str(one["state"]) for one in document["deliveries"])
    if sent:
        told = ", ".join(f"{n} {state}" for state, n in sent.items())
        console.print(f"[dim]–[/] letters: {told}{_dead(document)}")


def _dead(document: Document) -> str:
    """Why the first of the letters that nobody took is dead."""
    dead = [one for one in document["deliveries"] if one["state"] == "dead"]
    if not dead or not dead[0]["reason"]:
        return ""
    first = f"{dead[0]['recipient']}: {dead[0]['reason']}"
    return f" ({_safe(first)}{', …' if len(dead) > 1 else ''})"


def counted(document: Document) -> str:
    """How many filings there are, and in which states."""
    filings = document["filings"]
    states = Counter(one["state"] for one in filings)
    said = ", ".join(f"{n} {state.replace('_', ' ')}" for state, n in states.items())
    many = "1 filing" if len(filings) == 1 else f"{len(filings)} filings"
    return f"{many}: {said}" if said else "no filings"


def _silent(document: Document) -> Iterator[str]:
    """Companies of which nothing was said, in a line for each kind of reason."""
    quiet = _in(document["filings"], "no_alert")
    scored = [one for one in quiet if one["run_id"]]
    again = [one for one in quiet if not one["run_id"] and one["basis"]]
    other = [one for one in quiet if not one["run_id"] and not one["basis"]]
    for title, some in (
        ("no rule spoke", scored),
        ("told before by another filing", again),
        ("nothing to score", other),
        ("no document", _in(document["filings"], "no_document")),
    ):
        if some:
            yield f"{title}: {_names(one['symbol'] for one in some)}"


def _remarks(document: Document) -> Iterator[str]:
    missing = document["expected_but_missing"]
    if missing:
        yield f"expected and not seen: {_names(missing)}"
    for name, state in document["sources"].items():
        if state != FINE:
            yield plain(f"{name}: {state}")
    if document["oldest_unread"]:
        oldest = when(document["oldest_unread"], "")
        yield f"documents wait to be read, the oldest published {oldest}"


def _names(symbols: Iterator[str] | Sequence[str]) -> str:
    """Each once, with how often; the rest as a number."""
    many = Counter(plain(symbol or "unknown") for symbol in symbols)
    told = [f"{name} ×{n}" if n > 1 else name for name, n in many.items()]
    more = f" and {len(told) - _NAMES} more" if len(told) > _NAMES else ""
    return ", ".join(told[:_NAMES]) + more


def when(moment: str | None, day: str) -> str:
    """A moment of a document, short; of the day itself the time alone."""
    if moment is None:
        return "unknown"
    at = datetime.fromisoformat(moment).astimezone(IST)
    return f"{at:%H:%M}" if at.date().isoformat() == day else f"{at:%d %b %H:%M}"


def plain(text: str) -> str:
    """Without what would move a cursor or end a line."""
    return "".join(c if c.isprintable() else " " for c in text)


def _safe(text: str) -> str:
    return escape(plain(text))


def _in(filings: Sequence[Document], state: str) -> list[Document]:
    return [one for one in filings if one["state"] == state]


def _table(*heads: str) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for head in heads[:-1]:
        table.add_column(head, no_wrap=True)
    table.add_column(heads[-1], overflow="fold")
    return table
