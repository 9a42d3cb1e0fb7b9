"""``dexter daily``: the day's filings to alerts, each exactly once."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from dexter.console import failing
from dexter.domain.moment import IST
from dexter.errors import CommandError, UnsavableError, UsageError
from pipelines.commands import screen
from pipelines.runtime import Desk, open_compute, open_desk, open_sources

if TYPE_CHECKING:
    from dexter.journal import JournalStore
    from dexter.operating import Operating
    from pipelines.daily.report import DayReport
    from pipelines.ingest.report import OnProgress, Progress

_COMMAND = "daily"
REPORTS = Path("reports") / "daily"


class NoMarketError(UsageError):
    """Nothing was collected here yet; the invented market is not asked by chance."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            f"No market is kept in {home} yet, so that nothing could be scored.",
            "Collect one with `dexter data sync`; `dexter daily --sample` shows a day "
            "of the invented one.",
        )


@dataclass(frozen=True, slots=True)
class Wishes:
    """The flags of ``daily``."""

    day: date | None = None
    catch_up: bool = False
    watch: bool = False
    dry_run: bool = False
    offline: bool = False
    sample: bool = False
    model: str | None = None
    json: bool = False


def daily(wishes: Wishes) -> int:
    """Run a day, and those it makes up for; 3 while one of them is not done.

    Raises:
        CommandError: flags that do not go together.
        NoMarketError: there is no market yet to run a day of.
        DexterError: a day that could not be ended.
    """
    from pipelines.sync.alone import alone  # noqa: PLC0415 - start-up

    with screen.bars(passing=True) as tell:
        desk = open_desk(sample=wishes.sample, on_progress=tell)
    try:
        _check(wishes, desk)
        with alone(desk.market.home, "daily"), _telling() as on_progress:
            done = asyncio.run(_days(wishes, desk, on_progress))
    finally:
        desk.close()
    *before, last = [one.document for one in done]
    if wishes.json:
        screen.print_json({**last, "made_up": before})
    else:
        _show(done)
    return 0 if all(one["state"] == "done" for one in (*before, last)) else 3


def _check(wishes: Wishes, desk: Desk) -> None:
    today = desk.clock.present().astimezone(IST).date()
    if wishes.day and (wishes.catch_up or wishes.watch):
        why = "--date is one day; --catch-up and --watch are for today"
        raise CommandError(why, _COMMAND)
    if wishes.day and wishes.day > today:
        why = f"{wishes.day} is not over, it has not begun: today is {today}"
        raise CommandError(why, _COMMAND)
    if wishes.watch and (wishes.dry_run or wishes.sample):
        why = "--watch watches the exchanges, and keeps what it finds"
        raise CommandError(why, _COMMAND)
    if desk.market.fictional and not wishes.sample:
        raise NoMarketError(desk.settings.home)


async def _days(
    wishes: Wishes, desk: Desk, on_progress: "OnProgress"
) -> list["DayReport"]:
    from dexter.extraction.document import read  # noqa: PLC0415 - heavy
    from pipelines.daily import running  # noqa: PLC0415
    from pipelines.daily.collecting import World  # noqa: PLC0415

    settings, fictional = desk.settings, desk.market.fictional
    operating = _operating(desk)
    await _usable(desk, wishes.model)
    quiet = wishes.offline or fictional or wishes.dry_run
    async with AsyncExitStack() as stack:
        compute = stack.enter_context(open_compute(settings))
        sources = None
        if not quiet:
            sources = await stack.enter_async_context(open_sources(settings))
        channels = await stack.enter_async_context(_channels(desk, operating))
        database = stack.enter_context(desk.database())
        world = World(sources, read, compute, desk.clock.present, on_progress)
        means = running.Means(
            desk,
            database,
            operating,
            world,
            channels,
            wishes.model,
            wishes.dry_run,
            lambda report: _saved(report, desk.market.home),
        )
        days = [wishes.day or running.today_of(desk)]
        done = await running.run_days(
            days, means, watch=wishes.watch, catch_up=wishes.catch_up
        )
        if operating.heartbeat is not None and not wishes.dry_run:
            await _beat(operating.heartbeat.url)
        return done


async def _usable(desk: Desk, model: str | None) -> None:
    """Refuse a model that no filing could use, before each of them fails by it.

    Raises:
        SettingError: there is none of that name. ModelKeyError: it needs a key.
    """
    close = getattr(desk.model(model), "aclose", None)
    if close is not None:
        await close()


async def _beat(url: str) -> None:
    """Let whoever watches for silence know that the run came to its end."""
    from pipelines.daily.heartbeat import HeartbeatError, beat  # noqa: PLC0415 - start-up

    try:
        await beat(url)
    except HeartbeatError as error:
        failing.show(error, screen.err())


def _operating(desk: Desk) -> "Operating":
    """What the operator decided; of a fictional market nobody hears anything."""
    from pipelines.outside import operating_of  # noqa: PLC0415 - start-up

    operating = operating_of(desk.settings)
    if not desk.market.fictional:
        return operating
    return operating.model_copy(update={"recipients": (), "heartbeat": None})


def _channels(desk: Desk, operating: "Operating") -> Any:  # noqa: ANN401 - a context
    from pipelines.channels import open_channels  # noqa: PLC0415 - start-up

    return open_channels(desk.settings, operating)


def _saved(report: "DayReport", home: Path) -> None:
    """Keep the report's files; a day that ended well is none the worse without them."""
    try:
        path = save(report.document, home)
    except UnsavableError as error:
        failing.show(error, screen.err())
    else:
        screen.err().print(f"report: {path}", markup=False, style="dim")


def save(document: Mapping[str, Any], home: Path) -> Path:
    """Write a day's report beside its home, as Markdown and as a page; where.

    Raises:
        UnsavableError: the files cannot be written.
    """
    from dexter.console import daily_page as view  # noqa: PLC0415 - start-up

    folder = home / REPORTS
    path = folder / f"{document['date']}.md"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for ending, text in (
            (".md", view.as_markdown(document)),
            (".html", view.as_html(document)),
        ):
            part = path.with_suffix(f"{ending}.part")
            part.write_text(text, encoding="utf-8")
            part.replace(path.with_suffix(ending))
    except OSError as error:
        raise UnsavableError(path, (error.strerror or str(error)).lower()) from error
    return path


def show_run(store: "JournalStore", run_id: str, *, as_json_too: bool) -> int:
    """What a day's run came to, as it was recorded."""
    document = _recorded(store, run_id)
    if as_json_too:
        screen.print_json(document)
        return 0
    from pydantic import TypeAdapter  # noqa: PLC0415 - start-up

    from dexter.console import daily as view  # noqa: PLC0415
    from dexter.domain.alert import Alert  # noqa: PLC0415

    alerts = TypeAdapter(list[Alert]).validate_python(document["alerts"])
    view.show(document, alerts, screen.out())
    return 0


def replay_run(store: "JournalStore", run_id: str, *, as_json_too: bool) -> int:
    """Make the report of every filing's run again from its record alone.

    The runs of filings that failed have none to make again.

    Raises:
        ReplayDiffersError: one does not come out as it was recorded.
    """
    from pipelines import research  # noqa: PLC0415 - start-up
    from pipelines.silent import Silent  # noqa: PLC0415

    document = _recorded(store, run_id)
    ended = (one for one in document["filings"] if one["state"] != "failed")
    runs = [one["run_id"] for one in ended if one["run_id"]]
    for each in runs:
        asyncio.run(research.replay(store, each, Silent()))
    if as_json_too:
        screen.print_json(document)
    console = screen.err() if as_json_too else screen.out()
    console.print(
        f"[green]✓[/] run {run_id}: {len(runs)} runs of filings made again, the same"
    )
    return 0


def _recorded(store: "JournalStore", run_id: str) -> dict[str, Any]:
    from dexter.errors import NoReportError  # noqa: PLC0415 - start-up
    from dexter.journal import Journal  # noqa: PLC0415

    journal = Journal.replay(store, run_id)
    notes = journal.recorded("day")
    if not notes:
        raise NoReportError(run_id, f"dexter daily --date {journal.header['day']}")
    found: dict[str, Any] = json.loads(str(notes[-1]["document"]))
    return found


def _show(done: "list[DayReport]") -> None:
    from dexter.console import daily as view  # noqa: PLC0415 - start-up

    for report in done:
        view.show(report.document, report.alerts, screen.out())


@contextmanager
def _telling() -> Iterator[Callable[["Progress"], None]]:
    """Bars in a terminal; elsewhere one line a stage, when it ends."""
    console = screen.err()
    if console.is_terminal:
        with screen.bars(timed=True) as tell:
            yield tell
        return
    said: set[str] = set()

    def line(progress: "Progress") -> None:
        total = progress.total
        if total and progress.done >= total and progress.stage not in said:
            console.print(f"{escape(progress.stage)}: {progress.done} of {total}")
            said.add(progress.stage)
        elif progress.done < (total or 0):
            said.discard(progress.stage)

    yield line
