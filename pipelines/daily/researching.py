"""Filings researched, a few at once: each ends decided, and is kept before the next."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from dexter.alerts.rules import Facts
from dexter.domain.daily import DayFiling, FilingState
from dexter.domain.ledger import KeptAlert
from dexter.domain.period import Quarter
from dexter.domain.research import Report, Usage
from dexter.errors import (
    DexterError,
    DiskFullError,
    NoReportError,
    UnforeseenError,
)
from dexter.operating import Operating
from dexter.store.alerts import AlertLedger
from dexter.store.database import Database
from dexter.store.days import DayBook
from pipelines import research
from pipelines.charts import chart_of
from pipelines.daily import deciding
from pipelines.daily.before import before
from pipelines.daily.deciding import Decided, Said
from pipelines.daily.liquidity import Weight
from pipelines.daily.plan import question_of
from pipelines.daily.tries import is_of_all
from pipelines.daily.unit import Unit
from pipelines.runtime import Desk
from pipelines.silent import Silent

Keep = Callable[[Decided, Unit], object]


@dataclass(frozen=True, slots=True)
class Desks:
    """What research of filings works with.

    Args:
        desk: The open home.
        database: Of the market that is researched.
        operating: What the operator decided.
        weight: Who comes first, and what rules ask of it.
        model: The language model by name; null for the settings' own.
        keep: Called with what was decided, before the next filing is begun.
        dry: Whether nothing is kept, so that no earlier run is taken up either.
        tried: What a dry run decided, by id, in the place of what others keep.
    """

    desk: Desk
    database: Database
    operating: Operating
    weight: Weight
    model: str | None
    keep: Keep
    dry: bool = False
    tried: dict[str, Decided] = field(default_factory=dict)

    def now(self) -> datetime:
        """The present."""
        return self.desk.clock.present()


async def research_units(units: Sequence[Unit], desks: Desks) -> list[Usage]:
    """Decide every filing, the watched and the much traded ones first.

    Returns:
        What each run that was made cost.

    Raises:
        StoreError: what was decided cannot be kept; a full disk above all.
    """
    gate = asyncio.Semaphore(desks.operating.daily.concurrency)
    spent: list[Usage] = []

    async def one(unit: Unit) -> None:
        async with gate:
            done, usage = await _decide(unit, desks)
            if desks.dry:
                desks.tried[unit.id] = done
            desks.keep(done, unit)
            spent.extend(usage)

    # Of one company in their order: the second filing is held against the first.
    chains: dict[str, list[Unit]] = {}
    for unit in sorted(units, key=lambda one: desks.weight(one.symbol)):
        chains.setdefault(unit.symbol or unit.id, []).append(unit)

    async def chain(mine: Sequence[Unit]) -> None:
        for unit in mine:
            await one(unit)

    try:
        async with asyncio.TaskGroup() as group:
            for mine in chains.values():
                group.create_task(chain(mine))
    except* Exception as errors:
        raise _first(errors) from errors
    return spent


def _first(error: Exception) -> Exception:
    """The first error of a group, as it was raised."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


async def _decide(unit: Unit, desks: Desks) -> tuple[Decided, list[Usage]]:
    if unit.settled is not None or unit.quarter is None:
        return deciding.settled(unit, desks.now()), []
    tries = _tries(unit, desks)
    run_id = _run_of(unit, tries, desks)
    try:
        done, usage = await _judged(unit, unit.quarter, run_id, desks)
    except DiskFullError:
        raise
    except Exception as error:  # noqa: BLE001 - one filing never sinks the day
        told = error if isinstance(error, DexterError) else UnforeseenError(error)
        begun = run_id if desks.desk.journals.read(run_id) else None
        done, usage = deciding.failed(unit, told.sentence, begun, desks.now()), []
        tries -= is_of_all(error)
    return replace(done, filing=replace(done.filing, attempts=tries)), usage


async def _judged(
    unit: Unit, quarter: Quarter, run_id: str, desks: Desks
) -> tuple[Decided, list[Usage]]:
    """What a filing comes to, held against those before it, else by its research."""
    tried = {key: one.filing for key, one in desks.tried.items()}
    earlier = before(desks.database, unit, quarter, tried)
    if earlier is not None and earlier.quiet:
        return deciding.alike(unit, earlier, desks.now()), []
    report = await _researched(unit, quarter, run_id, desks)
    said = _said(report, earlier.changes if earlier else (), desks)
    weight = desks.weight
    facts = Facts(weight.traded.get(unit.symbol), unit.symbol in weight.watched)
    operating = desks.operating
    done = deciding.decided(unit, report, said, facts, operating, desks.now())
    return await _drawn(done, report, desks), [report.usage]


async def _drawn(done: Decided, report: Report, desks: Desks) -> Decided:
    """With the chart of what is said, where anybody is to hear of it."""
    if done.spoken is None or desks.dry or not desks.operating.recipients:
        return done
    desk = desks.desk
    chart = await chart_of(desk.journals, desk.settings.home, report)
    return replace(done, spoken=replace(done.spoken, chart=chart))


def run_id_of(unit: Unit, tries: int) -> str:
    """The name of a filing's run, by which it is found again after a crash."""
    name = f"{unit.symbol}-{unit.id}" if unit.sha256 else unit.id
    plain = re.sub(r"[^A-Za-z0-9-]", "_", name)
    again = f"-{tries}" if tries > 1 else ""
    return f"{unit.day:%Y%m%d}-{plain}{again}"


def _run_of(unit: Unit, tries: int, desks: Desks) -> str:
    """The run of a try: a cut one is gone on with, one that failed is never."""
    names = (run_id_of(unit, number) for number in count(tries))
    store = desks.desk.journals
    return next(name for name in names if not research.has_failed(store, name))


def _tries(unit: Unit, desks: Desks) -> int:
    known: DayFiling | None = DayBook(desks.database).find([unit.id]).get(unit.id)
    failed = known is not None and known.state is FilingState.FAILED
    return known.attempts + 1 if known is not None and failed else 1


async def _researched(
    unit: Unit, quarter: Quarter, run_id: str, desks: Desks
) -> Report:
    """The report of a filing: made, gone on with, or as it was recorded."""
    desk = desks.desk
    if desks.dry:
        run_id = f"{run_id}-dry-{research.fresh_id(desk)}"
    elif desk.journals.read(run_id):
        try:
            return research.recorded(desk.journals, run_id)
        except NoReportError:
            return await research.resume(
                desk, run_id, desk.model(desks.model), Silent()
            )
    question = question_of(unit, quarter)
    return await research.ask(desk, question, desk.model(desks.model), Silent(), run_id)


def _said(report: Report, changes: tuple[str, ...], desks: Desks) -> Said | None:
    """What was said of these results before, in its newest version."""
    if not report.alerts:
        return None
    mine = report.alerts[0].id
    tried = [one for one in desks.tried.values() if one.filing.alert_id == mine]
    kept = _unkept(tried[-1]) if tried else AlertLedger(desks.database).find(mine)
    return Said(kept, changes) if kept else None


def _unkept(tried: Decided) -> KeptAlert | None:
    """An alert of a dry run, as it would have been kept."""
    filing, spoken = tried.filing, tried.spoken
    if spoken is None or filing.run_id is None:
        return None
    return AlertLedger.as_kept(
        spoken.alert,
        run_id=filing.run_id,
        made_at=filing.decided_at,
        version=spoken.version,
    )
