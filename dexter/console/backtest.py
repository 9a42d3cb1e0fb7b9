"""A backtest on the screen: what was said, what came of it, and what was not known."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dexter.domain.alert import Demonstrated
from dexter.ml.backtesting import Group, Kind, Summary
from dexter.ml.evaluation import Metrics
from dexter.ml.intervals import Estimate
from dexter.ml.spreads import Spread
from dexter.ml.verdict import WORDS, number, spread

_HEADS = (
    "",
    "events",
    "known",
    "hits",
    "hit rate (Wilson)",
    "by session",
    "return after cost",
    "less the market",
    "locked",
)
_MARKS = {Demonstrated.YES: "[green]●[/]", Demonstrated.NO: "[yellow]●[/]"}


def show(summary: Summary, console: Console) -> None:
    """Counts, refusals, groups, measures and the two verdicts."""
    model = summary.model
    console.print(
        f"[bold]{escape(model.version)}[/] [dim]{escape(model.label)}, trained until "
        f"{model.trained_until}[/]"
    )
    if summary.in_sample:
        console.print(f"[yellow]in sample[/] {in_sample(summary)}")
    console.print(
        f"{summary.events:,} events, {summary.scored:,} with a probability; "
        f"the base rate in training was {number(model.base_rate, percent=True)}\n"
    )
    _counts("no probability", summary.refused, console)
    _counts("no outcome", summary.unknown, console)
    console.print(_groups(summary.groups))
    console.print(
        "[dim]95% intervals. Returns are after cost from the first tradable price, "
        "their intervals of whole sessions redrawn; the move less the market's counts "
        "from before the results: part of it nobody could buy.[/]\n"
    )
    if summary.metrics is None:
        console.print(f"[dim]not measured: {escape(summary.unmeasured or '')}[/]")
    else:
        console.print(_measures(summary.metrics))
    for sentence, verdict in verdicts(summary):
        console.print(f"{_MARKS[verdict]} {escape(sentence)}")


def in_sample(summary: Summary) -> str:
    """How much of the range the model has learned from, in a sentence."""
    return (
        f"{summary.in_sample:,} of {summary.events:,} events were published by "
        f"{summary.model.trained_until}, until when the model was trained: it may "
        "have learned from them, and what follows flatters it."
    )


def verdicts(summary: Summary) -> Iterator[tuple[str, Demonstrated]]:
    """Skill and edge on these events, each with what it rests on."""
    found = summary.fresh
    where = " out of sample" if summary.in_sample else ""
    if found is None and summary.metrics is not None:
        said = "in sample: too few events came after the model was trained"
        yield f"Skill is not demonstrated here, {said}.", summary.skill
        yield f"Edge is not demonstrated here, {said}.", summary.edge
        return
    skill = spread(found.skill if found else None)
    said = f"Skill is {WORDS[summary.skill]} here{where}: {skill} against the base rate"
    yield f"{said} known.", summary.skill
    flagged, earned = (found.traded, found.earned) if found else (0, None)
    none_yet = summary.model.edge is not Demonstrated.YES
    said = (
        f"Edge is {WORDS[summary.edge]} here{where}: {flagged:,} flagged events earned "
        f"{spread(earned, percent=True)} each after cost"
        f"{'; the model has shown none before, so expect none' if none_yet else ''}."
    )
    yield said, summary.edge


def _counts(what: str, counted: Sequence[tuple[str, int]], console: Console) -> None:
    for reason, many in counted:
        console.print(f"[dim]{what:<15}[/]{many:>7,}  {escape(reason)}")
    if counted:
        console.print()


def _groups(groups: Sequence[Group]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for place, name in enumerate(_HEADS):
        table.add_column(name, justify="right" if place else "left")
    for group in groups:
        name = group.name if group.kind is Kind.ALL else f"{group.kind} {group.name}"
        table.add_row(
            name,
            f"{group.events:,}",
            f"{group.labelled:,}",
            f"{group.hits:,}",
            _percent(group.rate),
            _bounds(group.clustered),
            _percent(group.earned, signed=True),
            _percent(group.moved, signed=True),
            f"{group.locked:,}",
        )
    return table


def _measures(found: Metrics) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for place, name in enumerate(("measure", "value (95%)", "knowing nothing")):
        table.add_column(name, justify="right" if place else "left")
    base = number(found.base_rate, places=3)
    rows: tuple[tuple[str, Estimate | None, str, bool], ...] = (
        ("Brier skill", found.skill, "0", False),
        ("ROC AUC", found.roc_auc, "0.5", False),
        ("PR AUC", found.pr_auc, base, False),
        ("hits seen / expected, likeliest tenth", found.ratio, "1", False),
        (
            f"precision of {found.chosen:,} flagged",
            found.precision,
            number(found.base_rate, percent=True),
            True,
        ),
        (f"return after cost of {found.traded:,} flagged", found.earned, "0", True),
        ("the same less that of all events", found.edge, "0", True),
    )
    for name, estimate, nothing, percent in rows:
        said = spread(estimate, signed=False, percent=percent)
        table.add_row(name, said, nothing)
    return table


def _percent(found: Spread | None, *, signed: bool = False) -> str:
    if found is None:
        return "–"
    if found.low is None or found.high is None:
        return number(found.value, percent=True, signed=signed)
    whole = Estimate(found.value, found.low, found.high)
    return spread(whole, percent=True, signed=signed)


def _bounds(found: Spread | None) -> str:
    if found is None or found.low is None or found.high is None:
        return "–"
    low, high = (number(one, percent=True) for one in (found.low, found.high))
    return f"{low} to {high}"
