"""A filing researched: its alert or its reason, and everything kept in one commit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from dexter.alerts.rules import Facts, decide
from dexter.domain.alert import Alert
from dexter.domain.daily import DayFiling, FilingState
from dexter.domain.ledger import KeptAlert
from dexter.domain.numerals import grouped, percent
from dexter.domain.research import PlannedTask, Report, ReportStatus, TaskStatus
from dexter.operating import Operating
from pipelines.daily.before import Before
from pipelines.daily.plan import DECIDING
from pipelines.daily.unit import Unit


@dataclass(frozen=True, slots=True)
class Spoken:
    """An alert that is to be said, in which version, and what it changes.

    ``chart`` is a picture to go with it, as a path below the home.
    """

    alert: Alert
    version: int = 1
    amends: tuple[str, ...] = ()
    chart: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of the same results before, and what is otherwise now, in words."""

    kept: KeptAlert
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a filing, and what is to be said of it, if anything."""

    filing: DayFiling
    spoken: Spoken | None = None


def settled(unit: Unit, at: datetime) -> Decided:
    """A filing whose end needs no research."""
    if unit.settled is None:
        raise ValueError(unit.id)
    return Decided(_filing(unit, unit.settled, unit.reason, at))


def alike(unit: Unit, earlier: Before, at: datetime) -> Decided:
    """A filing of results that another one told: nothing new is to be said."""
    return Decided(_filing(unit, FilingState.NO_ALERT, earlier.quiet, at))


def failed(unit: Unit, why: str, run_id: str | None, at: datetime) -> Decided:
    """A filing whose research did not come to an end."""
    filing = _filing(unit, FilingState.FAILED, why, at)
    return Decided(replace(filing, run_id=run_id))


def decided(
    unit: Unit,
    report: Report,
    before: Said | None,
    facts: Facts,
    operating: Operating,
    at: datetime,
) -> Decided:
    """What the research of a filing comes to, by the rules of the operator.

    Args:
        unit: The filing.
        report: Of its research.
        before: What was said of these results before, its newest version.
        facts: What rules ask beyond the alert itself.
        operating: The operator's rules.
        at: Now.
    """
    broken = next((t for t in report.plan.tasks if _broken(t)), None)
    if broken is not None:
        return failed(unit, f"{broken.id}: {broken.reason}", report.run_id, at)
    alert = next(iter(report.alerts), None)
    if alert is None:
        return _silent(unit, report, at)
    decision = decide(alert, facts, operating)
    alert = replace(alert, priority=decision.priority)
    filing = replace(
        _filing(unit, FilingState.NO_ALERT, decision.reason, at),
        basis=alert.basis,
        run_id=report.run_id,
        rule=decision.rule,
        alert_id=alert.id,
    )
    if before is not None and before.kept.record.run_id != report.run_id:
        return _amended(filing, alert, before.kept, before.changes)
    if not decision.alerts:
        return Decided(replace(filing, alert_id=None))
    told = replace(filing, state=FilingState.ALERTED, alert_version=1)
    return Decided(told, Spoken(alert))


def _broken(task: PlannedTask) -> bool:
    """Whether a task failed without which nothing can be decided."""
    return task.status is TaskStatus.FAILED and task.id in DECIDING


def _amended(
    filing: DayFiling, alert: Alert, before: KeptAlert, changes: Sequence[str]
) -> Decided:
    """Whoever heard the first version hears what it became, at least as loudly."""
    loudest = min(alert.priority, before.record.priority, key=lambda one: one.rank)
    version = before.record.version + 1
    amends = (*changes, *_moved(before.alert, alert))
    if not amends:
        why = f"changes nothing of version {before.record.version} of its alert"
        return Decided(replace(filing, reason=why, alert_id=None))
    told = replace(
        filing,
        state=FilingState.ALERTED,
        reason=f"amends version {before.record.version}",
        alert_version=version,
    )
    return Decided(told, Spoken(replace(alert, priority=loudest), version, amends))


def _moved(before: Alert, after: Alert) -> tuple[str, ...]:
    said = []
    scores = before.blockbuster.score, after.blockbuster.score
    if scores[0] != scores[1]:
        said.append(f"blockbuster {_whole(scores[0])} before, {_whole(scores[1])} now")
    chances = _chance(before), _chance(after)
    if chances[0] != chances[1]:
        said.append(
            f"probability {_percent(chances[0])} before, {_percent(chances[1])} now"
        )
    return tuple(said)


def _silent(unit: Unit, report: Report, at: datetime) -> Decided:
    """Without an alert: failed research has failed, the rest has nothing to score."""
    told = {a.what: f"{a.what}: {a.reason}" for a in report.absences}
    alert = next(
        (said for what, said in told.items() if what.startswith("alert")), None
    )
    rest = report.reason or next(iter(told.values()), "nothing could be scored")
    why = alert or rest
    state = (
        FilingState.FAILED
        if report.status is ReportStatus.FAILED
        else FilingState.NO_ALERT
    )
    return Decided(replace(_filing(unit, state, why, at), run_id=report.run_id))


def _filing(
    unit: Unit, state: FilingState, reason: str | None, at: datetime
) -> DayFiling:
    return DayFiling(
        id=unit.id,
        version=unit.version,
        day=unit.day,
        symbol=unit.symbol,
        basis=unit.basis,
        state=state,
        reason=reason,
        published_at=unit.published_at,
        run_id=None,
        rule=None,
        alert_id=None,
        alert_version=None,
        decided_at=at,
    )


def _chance(alert: Alert) -> Decimal | None:
    return alert.prediction.probability if alert.prediction else None


def _whole(score: Decimal | None) -> str:
    return "none" if score is None else grouped(score, 0)


def _percent(chance: Decimal | None) -> str:
    return "none" if chance is None else percent(chance, signed=False)
