"""A report on the screen: answer, sources, checks, what is missing, alerts, cost."""

import re
from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from dexter.console.addresses import hand_of, short, value_of, what_of
from dexter.console.card import card
from dexter.domain.moment import IST
from dexter.domain.research import Absence, Report, ReportStatus

_MARK = re.compile(r"\[\^e(\d+)\]")
_MOST_ABSENCES = 8
_MOST_CARDS = 5
_COLOURS = {
    ReportStatus.ANSWERED: "green",
    ReportStatus.PARTIAL: "yellow",
    ReportStatus.ABSTAINED: "yellow",
    ReportStatus.FAILED: "red",
}


def show(report: Report, console: Console) -> None:
    """Print a report for a person."""
    _head(report, console)
    if report.answer.markdown:
        console.print(Padding(_words(report.answer.markdown), (1, 2)))
        _sources(report, console)
    for alert in report.alerts[:_MOST_CARDS]:
        console.print(card(alert))
    if len(report.alerts) > _MOST_CARDS:
        more = len(report.alerts) - _MOST_CARDS
        console.print(f"[dim]  … and {more} more alerts; see them with --json[/]")
    _checks(report, console)
    _conflicts(report, console)
    _missing(_uncarded(report), console)
    _foot(report, console)


def cited(report: Report) -> list[str]:
    """Ids of the evidence the answer shows, in the order of first mention."""
    found = _MARK.findall(report.answer.markdown)
    return list(dict.fromkeys(f"e{number}" for number in found))


def _head(report: Report, console: Console) -> None:
    for notice in report.notices:
        console.print(f"[yellow]![/] {escape(notice)}")
    colour = _COLOURS[report.status]
    when = report.as_of.astimezone(IST)
    said = f"[{colour} bold]{report.status.value}[/]"
    if report.reason:
        said += f"  {escape(report.reason)}"
    console.print(f"{said}  [dim]as of {when:%d %b %Y %H:%M} IST[/]")


def _words(markdown: str) -> Text:
    text = Text()
    at = 0
    for found in _MARK.finditer(markdown):
        text.append(markdown[at : found.start()])
        text.append(f"[{found.group(1)}]", style="dim cyan")
        at = found.end()
    text.append(markdown[at:])
    return text


def _sources(report: Report, console: Console) -> None:
    for identifier in cited(report):
        evidence = report.evidence[identifier]
        parts = [said for said in (hand_of(evidence), short(evidence)) if said]
        if evidence.known_at and not evidence.inputs:
            parts.append(f"{evidence.known_at.astimezone(IST):%d %b %Y %H:%M}")
        if evidence.grade and not evidence.inputs:
            parts.append(f"grade {evidence.grade.value}")
        line = Text()
        line.append(f"  {f'[{identifier[1:]}]':>6} ", style="dim cyan")
        line.append(what_of(evidence))
        line.append(f"  {value_of(evidence)}", style="bold")
        line.append(f"  {' · '.join(parts)}", style="dim")
        console.print(line, no_wrap=True, overflow="ellipsis", crop=True)
    if cited(report):
        console.print(
            f"  [dim]whole addresses: dexter runs why {report.run_id} e…[/]\n"
        )


def _checks(report: Report, console: Console) -> None:
    failed = [check for check in report.checks if not check.ok]
    passed = len(report.checks) - len(failed)
    if passed:
        console.print(f"[green]✓[/] {passed} checks passed")
    for check in failed:
        console.print(f"[red]✗[/] {escape(check.name)}: {escape(check.detail)}")


def _conflicts(report: Report, console: Console) -> None:
    for conflict in report.conflicts:
        ids = ", ".join(conflict.values)
        console.print(f"[red]≠[/] {escape(conflict.what)} [dim]({ids})[/]")


def _uncarded(report: Report) -> list[Absence]:
    """Absences that no card above has told already."""
    told = {
        reason
        for alert in report.alerts
        for reason in (
            alert.prediction_reason,
            alert.vcp_reason,
            alert.blockbuster.reason,
        )
    }
    return [absence for absence in report.absences if absence.reason not in told]


def _missing(absences: Iterable[Absence], console: Console) -> None:
    absences = tuple(absences)
    for absence in absences[:_MOST_ABSENCES]:
        console.print(
            f"[yellow]–[/] {escape(absence.what)}: [dim]{escape(absence.reason)}[/]"
        )
    if len(absences) > _MOST_ABSENCES:
        more = len(absences) - _MOST_ABSENCES
        console.print(f"[dim]– and {more} more absences; see them with --json[/]")


def _foot(report: Report, console: Console) -> None:
    usage = report.usage
    money = f"${usage.usd:.4f}" if usage.usd is not None else "cost unknown"
    parts = [
        f"run {report.run_id}",
        f"model {report.model}",
        f"{usage.model_calls} model calls",
        f"{usage.input_tokens + usage.output_tokens} tokens",
        money,
        f"{usage.seconds:.1f} s",
    ]
    if report.journal:
        parts.append(f"{report.journal.events} events, head {report.journal.head[:12]}")
    console.print(f"[dim]{' · '.join(parts)}[/]")
