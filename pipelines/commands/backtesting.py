"""``dexter backtest``: a registered model held to dated results."""

import math
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from dexter.errors import CommandError
from pipelines.commands import screen
from pipelines.ingest.report import Progress
from pipelines.runtime import settings_here

if TYPE_CHECKING:
    from dexter.ml.backtesting import Group, Summary
    from dexter.ml.evaluation import Metrics

_COMMAND = "dexter backtest"


@dataclass(frozen=True, slots=True)
class Wishes:
    """The flags of ``backtest``; without a version the champion is held to them."""

    since: date
    until: date
    version: str | None = None
    out: Path | None = None
    json: bool = False


def backtest(wishes: Wishes) -> int:
    """Score every event of the range as of its publication, and sum up.

    Returns:
        3 when the model spoke about none of them.

    Raises:
        CommandError: the range ends before it begins.
        UnsavableError: the table cannot be written there.
    """
    from dexter.domain.period import Window  # noqa: PLC0415 - start-up
    from pipelines import backtest as pipeline  # noqa: PLC0415 - heavy
    from pipelines.backtest_table import check_path, save  # noqa: PLC0415 - heavy

    if wishes.until < wishes.since:
        why = f"--to {wishes.until} lies before --from {wishes.since}"
        raise CommandError(why, _COMMAND)
    if wishes.out is not None:
        check_path(wishes.out)
    settings = settings_here()
    with screen.bars(passing=True) as tell:
        done = pipeline.backtest(
            settings.home,
            Window(wishes.since, wishes.until, "backtest"),
            lambda stage, steps, total: tell(Progress(stage, steps, total)),
            shelf=settings.shelf / "models",
            version=wishes.version,
        )
    if wishes.out is not None:
        save(done, wishes.out)
    _tell(done.summary, wishes)
    return 0 if done.summary.scored else 3


def _tell(summary: "Summary", wishes: Wishes) -> None:
    from dexter.console import backtest as view  # noqa: PLC0415 - heavy

    if wishes.json:
        screen.print_json(document(summary, wishes))
    else:
        view.show(summary, screen.out())
    if wishes.out is not None:
        screen.err().print(
            f"[green]✓[/] {summary.events:,} rows: {escape(str(wishes.out))}"
        )


def document(summary: "Summary", wishes: Wishes) -> dict[str, Any]:
    """What ``backtest --json`` prints."""
    from dexter.console import backtest as view  # noqa: PLC0415 - heavy

    model = summary.model
    return {
        "from": wishes.since,
        "to": wishes.until,
        "model_version": model.version,
        "label": model.label,
        "trained_until": model.trained_until,
        "base_rate": model.base_rate,
        "threshold": model.threshold,
        "events": summary.events,
        "scored": summary.scored,
        "refused": _counts(summary.refused),
        "unknown": _counts(summary.unknown),
        "in_sample": summary.in_sample,
        "warnings": [view.in_sample(summary)] if summary.in_sample else [],
        "groups": [_group(group) for group in summary.groups],
        "metrics": None if summary.metrics is None else _metrics(summary.metrics),
        "metrics_reason": summary.unmeasured,
        "skill": summary.skill,
        "edge": summary.edge,
        "verdicts": [sentence for sentence, _ in view.verdicts(summary)],
        "out": wishes.out and str(wishes.out),
    }


def _counts(counted: tuple[tuple[str, int], ...]) -> list[dict[str, Any]]:
    return [{"reason": reason, "events": many} for reason, many in counted]


def _group(group: "Group") -> dict[str, Any]:
    return asdict(group)


def _metrics(found: "Metrics") -> dict[str, Any]:
    told = asdict(found)
    told.pop("bins")
    return {name: _plain(value) for name, value in told.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    """The same without numbers that JSON cannot tell."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value
