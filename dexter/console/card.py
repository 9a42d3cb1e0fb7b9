"""The alert card: scores with their record beside them, never advice."""

from decimal import Decimal

from rich.console import Group
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from dexter.domain.alert import IN_SAMPLE, Alert, Blockbuster, Prediction, Priority
from dexter.domain.moment import IST
from dexter.domain.numerals import grouped, percent

_COLOURS = {Priority.HIGH: "red", Priority.MEDIUM: "yellow", Priority.LOW: "blue"}
_WIDTH = 20


def card(alert: Alert) -> Panel:
    """One alert as a panel."""
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column(overflow="fold")
    _blockbuster(rows, alert.blockbuster)
    _prediction(rows, alert)
    _vcp(rows, alert)
    rows.add_row("data grade", alert.data_grade)
    colour = _COLOURS[alert.priority]
    basis = f" {alert.basis.value}" if alert.basis else ""
    when = (
        f"published {alert.published_at.astimezone(IST):%d %b %Y %H:%M} IST"
        if alert.published_at
        else "publication time unknown"
    )
    title = (
        f"[{colour} bold]{alert.priority.value.upper()}[/] "
        f"[bold]{escape(alert.company)}[/] ({alert.symbol}) {alert.period}{basis}"
    )
    foot = f"[dim]{escape(alert.disclaimer)}[/]"
    return Panel(
        Group(rows, foot),
        title=title,
        title_align="left",
        subtitle=when,
        subtitle_align="right",
        border_style=colour,
        padding=(0, 1),
    )


def bar(percent: Decimal) -> str:
    """A 0–100 value as a bar of fixed width."""
    full = round(float(percent) / 100 * _WIDTH)
    return "█" * full + "░" * (_WIDTH - full)


def _blockbuster(rows: Table, score: Blockbuster) -> None:
    if score.score is None:
        rows.add_row("blockbuster", f"none: {escape(score.reason or 'not known')}")
        return
    rows.add_row(
        "blockbuster",
        f"[bold]{grouped(score.score, 0)}[/] of 100  {bar(score.score)}  "
        f"[dim]{score.coverage:.0%} of its parts known[/]",
    )
    for name, part in score.components.items():
        if part.percentile is None:
            said = f"[dim]unknown: {escape(part.reason or '')}[/]"
        else:
            rank = grouped(part.percentile, 0)
            said = f"{rank:>3}  [dim]{bar(part.percentile)} percentile[/]"
        rows.add_row(f"  {name}", said)


def _prediction(rows: Table, alert: Alert) -> None:
    prediction = alert.prediction
    if prediction is None:
        rows.add_row("P(circuit)", f"none: {escape(alert.prediction_reason or '')}")
        return
    rows.add_row(
        "P(circuit)",
        f"[bold]{_percent(prediction.probability)}[/] {prediction.confidence.value}  "
        f"[dim]base rate {_percent(prediction.base_rate)}, interval "
        f"{_percent(prediction.interval[0])} to {_percent(prediction.interval[1])}[/]"
        + ("  [yellow]illustrative[/]" if prediction.illustrative else ""),
    )
    if prediction.in_sample:
        rows.add_row("", f"[yellow]{IN_SAMPLE}[/]")
    rows.add_row("", _record(prediction))


def _percent(value: Decimal) -> str:
    """As the answer beside it says it."""
    return percent(value, signed=False)


def _record(prediction: Prediction) -> str:
    said = [
        f"skill {prediction.skill.value.replace('_', ' ')}",
        f"edge {prediction.edge.value.replace('_', ' ')}",
        f"model {prediction.model}",
        f"{prediction.basis.value} inputs",
    ]
    return f"[dim]{' · '.join(said)}[/]"


def _vcp(rows: Table, alert: Alert) -> None:
    found = alert.vcp
    if found is None:
        rows.add_row("VCP", f"none: {escape(alert.vcp_reason or '')}")
        return
    depths = ", ".join(f"{depth:.1%}" for depth in found.depths)
    verdict = "[green]stood[/]" if found.passed else "did not stand"
    falls = "contraction" if found.contractions == 1 else "contractions"
    rows.add_row(
        "VCP",
        f"{verdict} before the results: {found.contractions} {falls} ({depths}), "
        f"template {found.template_passed} of {found.template_total}",
    )
