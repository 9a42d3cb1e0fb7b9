"""``dexter data tones``: headlines read by a language model, shown and made again."""

import asyncio
from decimal import Decimal
from typing import Any

from rich.markup import escape

from dexter.journal import JournalStore
from dexter.llm.ledger import usd
from pipelines import tones
from pipelines.commands import screen

_MOST = 10
_WIDEST = 100


def read(
    model: str | None, most: int | None, budget: Decimal | None, *, as_json_too: bool
) -> int:
    """Read what no model has read; 3 when something asked for stayed unread.

    Args:
        model: ``anthropic:NAME`` or ``openai:NAME``; the settings' one when not given.
        most: How many headlines at most.
        budget: USD this run may cost; the settings' ceiling when not given.
        as_json_too: One JSON document on stdout.

    Raises:
        TonelessModelError: the offline model was asked.
        ModelKeyError: the model's provider needs a key, or refuses it.
    """
    with screen.bars(timed=True) as tell:
        report = tones.read_headlines(model, tell, most=most, budget=budget)
    if as_json_too:
        screen.print_json(document(report))
    else:
        _show(report)
    return 0 if report.complete else 3


def document(report: tones.Report) -> dict[str, Any]:
    """The report as ``data tones --json`` prints it."""
    spent = report.spending.total()
    return {
        "run_id": report.run_id,
        "model": report.model,
        "read": report.read,
        "unread": report.unread,
        "left": report.left,
        "reasons": dict(report.reasons),
        "stopped": report.stopped,
        "instructions": list(report.orders),
        "model_calls": spent.model_calls,
        "usd": None if spent.usd is None else f"{spent.usd:f}",
        "usd_reason": spent.usd_reason,
    }


def show(store: JournalStore, run_id: str, *, as_json_too: bool) -> int:
    """The tone that a run's model gave each headline."""
    texts, outcomes = tones.recorded(store, run_id)
    given = {key: tone for one in outcomes for key, tone in one.tones.items()}
    if as_json_too:
        told = [
            {"digest": key, "tone": given.get(key), "text": text}
            for key, text in texts.items()
        ]
        screen.print_json({"run_id": run_id, "headlines": told})
        return 0
    console = screen.out()
    for key, text in texts.items():
        tone = f"{given[key]:+.2f}" if key in given else "    –"
        line = " ".join(text.split())[:_WIDEST]
        console.print(f"{tone}  {escape(line)}", soft_wrap=True)
    return 0


def replay(store: JournalStore, run_id: str, *, as_json_too: bool) -> int:
    """Read again from the record alone."""
    done = asyncio.run(tones.replay(store, run_id))
    count = sum(len(one.tones) for one in done)
    if as_json_too:
        screen.print_json({"run_id": run_id, "headlines": count})
    console = screen.err() if as_json_too else screen.out()
    console.print(
        f"[green]✓[/] run {run_id}: {count} headlines read again from the record, "
        "with the network and the model off"
    )
    return 0


def _show(report: tones.Report) -> None:
    console = screen.out()
    if report.run_id is None:
        console.print("[green]✓[/] there is no headline that no model has read")
        return
    spent = report.spending.total()
    cost = "cost unknown" if spent.usd is None else usd(spent.usd)
    mark = "[green]✓[/]" if report.complete else "[yellow]![/]"
    console.print(
        f"{mark} {report.read} headlines read by {escape(report.model)} in "
        f"{spent.model_calls} calls, {cost}"
    )
    for reason, count in report.reasons.most_common(_MOST):
        console.print(f"[yellow]–[/] {count} batches left unread: {escape(reason)}")
    if report.stopped:
        console.print(
            f"[yellow]–[/] {report.left} not asked about: {escape(report.stopped)}"
        )
    for order in report.orders[:_MOST]:
        console.print(f"[yellow]![/] a headline gives orders: “{escape(order)}”")
    screen.err().print(f"[dim]run {report.run_id}[/]")
