"""The chart of a company's results, drawn from what a run itself recorded."""

from pathlib import Path

from dexter.domain.moment import IST, AsOf
from dexter.domain.research import PlannedTask, Report
from dexter.features.event import EventInputs, known_of
from dexter.journal import Journal, JournalStore
from dexter.tools.base import ToolContext
from dexter.tools.features import FeatureQuestion, asked_inputs
from dexter.tools.statements import company_of
from pipelines.runtime import recorded_runtime

FOLDER = Path("charts")
_PATTERN = "vcp"


async def seen(
    store: JournalStore, report: Report, task: PlannedTask, *, explicit: bool
) -> EventInputs | str:
    """What a task read of its company, read again from the run's own record.

    Args:
        store: The journal.
        report: Of the run.
        task: One that asked a ``FeatureQuestion``.
        explicit: Whether the run's moment was asked for.

    Returns:
        The inputs, or why there are none.
    """
    journal = Journal.replay(store, report.run_id)
    as_of = AsOf(report.as_of, explicit=explicit)
    asked = FeatureQuestion.model_validate(task.arguments)
    with journal.span(f"task:{task.id}"):
        context = ToolContext(recorded_runtime(journal), as_of, {})
        company = await company_of(asked.symbol, context)
        return await asked_inputs(company.symbol, asked, context)


def draw(path: Path, inputs: EventInputs) -> None:
    """Draw prices, contractions, volume and results days to a file.

    Raises:
        UnsavableError: the file cannot be written.
        NothingToDrawError: no bar was known.
    """
    from dexter.console import chart  # noqa: PLC0415 - start-up

    published = {f.published_at for f in inputs.figures if f.published_at}
    days = [moment.astimezone(IST).date() for moment in sorted(published)]
    chart.draw(path, inputs.symbol, known_of(inputs), results=days)


async def chart_of(store: JournalStore, home: Path, report: Report) -> str | None:
    """The chart that goes with an alert, as a path below the home; null without one.

    An alert never waits for its picture: what cannot be drawn is left out, whatever
    the reason.
    """
    task = next((one for one in report.plan.tasks if one.tool == _PATTERN), None)
    if task is None:
        return None
    path = FOLDER / f"{report.run_id}.png"
    try:
        inputs = await seen(store, report, task, explicit=True)
        if isinstance(inputs, str):
            return None
        (home / FOLDER).mkdir(parents=True, exist_ok=True)
        draw(home / path, inputs)
    except Exception:  # noqa: BLE001 - a picture never costs its alert
        return None
    return path.as_posix()
