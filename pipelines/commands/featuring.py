"""``dexter features``: a company's features as of a moment, the catalogue, a chart."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.markup import escape

from dexter.console import features as view
from dexter.domain.evidence import Derivation, Evidence
from dexter.domain.moment import IST, AsOf
from dexter.domain.period import Quarter
from dexter.domain.research import Plan, Report, Task, TaskStatus
from dexter.errors import DexterError, UnknownCompanyError, UsageError
from dexter.features.catalogue import BY_NAME, SPECS, catalogue_hash
from dexter.features.event import EventInputs
from dexter.orchestrator.run import Question
from dexter.tools.features import FEATURES
from dexter.tools.vcp import VCP
from pipelines import charts, research
from pipelines.commands import screen
from pipelines.runtime import Desk, open_desk
from pipelines.silent import Silent

_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Wishes:
    """The flags of ``features``; ``quarter`` asks for the moment it was published."""

    as_of: str | None = None
    quarter: str | None = None
    json: bool = False
    chart: Path | None = None
    every: Path | None = None
    sample: bool = False


class NoFeaturesError(DexterError):
    """Nothing could be computed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, "`dexter data status` shows what is kept.")


class NoTableError(UsageError):
    """The table was to be saved as something else."""

    def __init__(self, path: Path | None) -> None:
        super().__init__(
            f"Every company's features cannot be saved as {path}.",
            "Give a name that ends in .parquet.",
        )


class NoQuarterError(UsageError):
    """The quarter asked for is none."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r} is not a fiscal quarter.", "Write it as Q1 FY26 (or Q2 CY25)."
        )


class NoSubjectError(UsageError):
    """Neither a symbol nor the catalogue was asked for."""

    def __init__(self) -> None:
        super().__init__(
            "Whose features?", "`dexter features SYMBOL`, or `features --catalogue`."
        )


def features(symbol: str | None, wishes: Wishes) -> int:
    """Compute, show, draw; recorded as a run, so that ``runs why`` finds each value."""
    if symbol is None and wishes.every is not None:
        return everyone(wishes)
    if symbol is None:
        raise NoSubjectError
    if wishes.quarter is not None:
        _is_quarter(wishes.quarter)
    if wishes.chart is not None:
        from dexter.console import chart  # noqa: PLC0415 - start-up

        chart.check(wishes.chart)
    as_of = research.moment_from(wishes.as_of)
    plan = plan_of(symbol, wishes)
    with screen.bars(passing=True) as tell:
        desk = open_desk(sample=wishes.sample, on_progress=tell)
    try:
        asyncio.run(_known(desk, symbol))
        question = Question(f"Features of {symbol}", as_of, plan)
        model = desk.model("offline")
        report = asyncio.run(research.ask(desk, question, model, Silent()))
        _refused(report)
        if wishes.chart is not None:
            _draw(desk, report, wishes.chart, wishes)
    finally:
        desk.close()
    if wishes.json:
        screen.print_json(document(report, symbol))
    else:
        view.show(report, values(report), screen.out())
    return 0 if values(report) else 3


def _is_quarter(text: str) -> None:
    """Refuse what is no quarter.

    Raises:
        NoQuarterError: with how one is written.
    """
    try:
        Quarter.parse(text)
    except ValueError as error:
        raise NoQuarterError(text) from error


async def _known(desk: Desk, symbol: str) -> None:
    """Refuse a symbol nobody has.

    Raises:
        UnknownCompanyError: with the nearest that there are.
    """
    from dexter.store.directory import StoreDirectory  # noqa: PLC0415 - start-up

    with desk.database() as database:
        directory = StoreDirectory(database)
        if await directory.get(symbol) is None:
            near = await directory.find(symbol, _NEAREST)
            raise UnknownCompanyError(symbol, [one.company.symbol for one in near])


def plan_of(symbol: str, wishes: Wishes) -> Plan:
    """The two tasks every company's features are."""
    moment = "publication" if wishes.quarter else "now"
    arguments = {"symbol": symbol, "quarter": wishes.quarter, "moment": moment}
    when = f"when its {wishes.quarter} results came out" if wishes.quarter else "now"
    return Plan(
        tasks=(
            Task("features", FEATURES.name, arguments),
            Task("vcp", VCP.name, arguments),
        ),
        understood_as=f"every feature of {symbol}, {when}",
    )


def values(report: Report) -> dict[str, tuple[str, Evidence]]:
    """Features that are known, by name: the id of their evidence, and it."""
    return {
        item.name: (identifier, item)
        for identifier, item in report.evidence.items()
        if isinstance(item.source, Derivation)
        and item.source.formula.startswith(f"{item.name} = ")
        and item.name in BY_NAME
    }


def document(report: Report, symbol: str) -> dict[str, Any]:
    """What ``features --json`` prints."""
    known, reasons = values(report), view.reasons(report)
    subject = next((item for _, item in known.values()), None)
    found: dict[str, Any] = {}
    for spec in SPECS:
        identifier, item = known.get(spec.name, (None, None))
        value = None if item is None or item.value is None else float(item.value)
        found[spec.name] = {
            "value": value,
            "unit": spec.unit.value,
            "category": spec.category.value,
            "reason": None if value is not None else reasons.get(spec.name),
            "evidence": identifier,
        }
    seen = subject.known_at if subject and subject.known_at else report.as_of
    return {
        "symbol": subject.symbol if subject else symbol,
        "as_of": seen.astimezone(IST).isoformat(),
        "period": subject.period if subject else None,
        "basis": subject.basis if subject else None,
        "catalogue_hash": catalogue_hash(),
        "run_id": report.run_id,
        "features": found,
    }


def catalogue(*, as_json_too: bool) -> int:
    """Every feature: what it is, how it is computed, when it is absent."""
    if as_json_too:
        screen.print_json(
            {
                "catalogue_hash": catalogue_hash(),
                "features": [
                    {
                        "name": s.name,
                        "category": s.category.value,
                        "unit": s.unit.value,
                        "about": s.about,
                        "formula": s.formula,
                        "inputs": list(s.inputs),
                        "look_back": s.look_back,
                        "absent": s.absent,
                        "source": s.source,
                        "model_input": s.model_input,
                    }
                    for s in SPECS
                ],
            }
        )
    else:
        view.catalogue(SPECS, catalogue_hash(), screen.out())
    return 0


def everyone(wishes: Wishes) -> int:
    """Every company's features at one moment, to a Parquet file."""
    from pipelines.latest import latest, save  # noqa: PLC0415 - heavy

    if wishes.every is None or wishes.every.suffix != ".parquet":
        raise NoTableError(wishes.every)
    with screen.bars(passing=True) as tell:
        desk = open_desk(sample=wishes.sample, on_progress=tell)
    try:
        asked = research.moment_from(wishes.as_of)
        moment = asked or desk.market.latest or desk.clock.present()
        with desk.database() as database:
            hindsight = desk.settings.tones_in_hindsight
            found = latest(database, AsOf(moment, explicit=True), hindsight=hindsight)
        save(found, moment, wishes.every)
    finally:
        desk.close()
    screen.err().print(
        f"[green]✓[/] {len(found.symbols):,} companies × {len(SPECS)} features "
        f"as of {moment.astimezone(IST):%d %b %Y %H:%M} IST: "
        f"{escape(str(wishes.every))}"
    )
    return 0


async def seen(desk: Desk, report: Report, wishes: Wishes) -> EventInputs:
    """What the features were computed from, read again from the run's own record."""
    inputs = await charts.seen(
        desk.journals, report, report.plan.tasks[0], explicit=wishes.as_of is not None
    )
    if isinstance(inputs, str):
        raise NoFeaturesError(inputs)
    return inputs


def _draw(desk: Desk, report: Report, path: Path, wishes: Wishes) -> None:
    charts.draw(path, asyncio.run(seen(desk, report, wishes)))
    screen.err().print(f"[dim]drawn to {escape(str(path))}[/]")


def _refused(report: Report) -> None:
    """Raise what kept the features from being computed, if anything did."""
    task = report.plan.tasks[0]
    if task.status is TaskStatus.FAILED:
        error = NoFeaturesError(task.reason or "They could not be computed.")
        error.run_id = report.run_id
        raise error
