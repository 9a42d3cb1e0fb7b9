"""``dexter ask``: one question, its live plan, the answer, the alert, the files."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from dexter.console import answer, saving
from dexter.console.runs import planned
from dexter.domain.research import Report, ReportStatus
from dexter.orchestrator.reporting import as_json
from dexter.orchestrator.run import Question
from dexter.ports import Watcher
from pipelines import research
from pipelines.commands import screen
from pipelines.runtime import Desk, open_desk

T = TypeVar("T")
EXIT = {
    ReportStatus.ANSWERED: 0,
    ReportStatus.FAILED: 1,
    ReportStatus.PARTIAL: 3,
    ReportStatus.ABSTAINED: 3,
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """The flags of ``ask``."""

    as_of: str | None = None
    model: str | None = None
    budget: Decimal | None = None
    plan: bool = False
    json: bool = False
    save: Path | None = None
    sample: bool = False


def ask(text: str, wishes: Wishes) -> int:
    """Ask, show, save; the exit code says how it went."""
    question = Question(text, research.moment_from(wishes.as_of))
    if wishes.save is not None:
        saving.writer_of(wishes.save)
    desk = open_desk(sample=wishes.sample)
    try:
        if wishes.plan:
            return _plan(desk, question, wishes)
        report = _watched(
            desk,
            wishes,
            lambda model, watcher: research.ask(desk, question, model, watcher),
        )
    finally:
        desk.close()
    return told(report, wishes)


def resume(run_id: str, wishes: Wishes) -> int:
    """Go on with a run that was cut."""
    desk = open_desk()
    try:
        header = research.header_of(desk, run_id)
        desk = desk.on_market(header)
        report = _watched(
            desk,
            wishes,
            lambda model, watcher: research.resume(desk, run_id, model, watcher),
            spec=str(header["model"]),
        )
    finally:
        desk.close()
    return told(report, wishes)


def told(report: Report, wishes: Wishes) -> int:
    """Print and save a report."""
    if wishes.save is not None:
        saving.save(report, wishes.save)
    if wishes.json:
        screen.print_json(as_json(report))
    else:
        answer.show(report, screen.out())
        if wishes.save is not None:
            screen.err().print(f"[dim]saved to {wishes.save}[/]")
    return EXIT[report.status]


def _watched(
    desk: Desk,
    wishes: Wishes,
    ask_with: Callable[[Any, Watcher], Coroutine[Any, Any, T]],
    spec: str | None = None,
) -> T:
    with screen.watching() as watcher:
        model = desk.model(wishes.model or spec, wishes.budget, watcher.heard)
        return asyncio.run(ask_with(model, watcher))


def _plan(desk: Desk, question: Question, wishes: Wishes) -> int:
    plan, price = _watched(
        desk,
        wishes,
        lambda model, watcher: research.plan(desk, question, model, watcher),
    )
    if wishes.json:
        screen.print_json(research.plan_document(plan, price))
    else:
        planned(plan, price, screen.out())
    return EXIT[ReportStatus.ABSTAINED if plan.cannot else ReportStatus.ANSWERED]
