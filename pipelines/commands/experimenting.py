"""``dexter models experiment``."""

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from dexter.errors import CommandError
from pipelines.clock import SystemClock
from pipelines.commands import screen
from pipelines.commands.modelling import store_here
from registry import experiments
from registry.experiment import ArmOutcome, Experiment, NoExperimentError

_COMMAND = "dexter models experiment start"


def start(name: str, arms: Sequence[str], salt: str | None) -> int:
    """Put several models in charge, each of its share of the companies.

    Args:
        name: What the experiment is called.
        arms: Each ``VERSION=SHARE``.
        salt: What companies are dealt out by; the name by default.

    Raises:
        CommandError: an arm cannot be read.
    """
    found = experiments.start(
        store_here(),
        name,
        [_arm(text) for text in arms],
        salt=salt,
        at=SystemClock().present(),
    )
    screen.out().print(f"[green]✓[/] {escape(found.name)} is running")
    return 0


def stop(because: str | None) -> int:
    """Stop the experiment; the champion speaks for every company again."""
    found = experiments.stop(
        store_here(), reason=because or "asked for", at=SystemClock().present()
    )
    screen.out().print(f"[green]✓[/] {escape(found.name)} has stopped")
    return 0


def show(
    symbols: Sequence[str],
    *,
    outcomes: Sequence[ArmOutcome] = (),
    as_json_too: bool,
) -> int:
    """The experiment that runs: its arms, and whose arm a company is in.

    Args:
        symbols: Companies to say the arm of.
        outcomes: What each arm's predictions came to, where it was counted.
        as_json_too: One JSON document on stdout.

    Raises:
        NoExperimentError: none runs.
    """
    found = store_here().experiment()
    if found is None:
        raise NoExperimentError
    document = _document(found, symbols, outcomes)
    if as_json_too:
        screen.print_json(document)
        return 0
    console = screen.out()
    since = f"{found.started:%Y-%m-%d %H:%M}" if found.started else "unknown"
    console.print(f"[bold]{escape(found.name)}[/] [dim]since {since}[/]")
    console.print(_table(document["arms"]))
    for symbol, version in document["assigned"].items():
        console.print(f"{escape(symbol)} [dim]belongs to[/] {version}")
    return 0


def _document(
    found: Experiment, symbols: Sequence[str], outcomes: Sequence[ArmOutcome]
) -> dict[str, Any]:
    counted = {one.version: one for one in outcomes}
    return {
        "name": found.name,
        "salt": found.salt,
        "started": found.started and found.started.isoformat(),
        "arms": [
            {"version": version, "share": share, **_counted(counted.get(version))}
            for version, share in found.arms
        ],
        "assigned": {symbol: found.assign(symbol) for symbol in symbols},
    }


def _counted(found: ArmOutcome | None) -> dict[str, Any]:
    if found is None:
        return {}
    return {
        "events": found.events,
        "hits": found.hits,
        "rate": found.rate and found.rate.model_dump(),
        "mean_probability": found.mean_probability,
        "brier": found.brier,
        "waiting": found.waiting,
    }


def _table(arms: Sequence[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("arm", "share", "events", "came true (95 %)", "said", "Brier"):
        table.add_column(name, overflow="fold", no_wrap=name == "arm")
    for arm in arms:
        rate, said, brier = (
            arm.get(name) for name in ("rate", "mean_probability", "brier")
        )
        table.add_row(
            arm["version"],
            f"{arm['share']:.0%}",
            f"{arm['events']:,}" if "events" in arm else "–",
            _rate(rate),
            "–" if said is None else f"{said:.1%}",
            "–" if brier is None else f"{brier:.4f}",
        )
    return table


def _rate(rate: dict[str, float] | None) -> str:
    if rate is None:
        return "–"
    return f"{rate['value']:.1%} ({rate['low']:.1%} to {rate['high']:.1%})"


def _arm(text: str) -> tuple[str, float]:
    version, _, share = text.rpartition("=")
    try:
        return version, float(share)
    except ValueError as error:
        why = f"{text!r} is not VERSION=SHARE, such as VERSION=0.5"
        raise CommandError(why, _COMMAND) from error
