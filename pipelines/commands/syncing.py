"""``dexter data sync``: the market comes in, and the screen says what did not."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from dexter.domain.moment import IST
from dexter.errors import CommandError, SyncRangeError
from pipelines.clock import SystemClock
from pipelines.commands import screen
from pipelines.runtime import open_compute, open_sources, settings_here

if TYPE_CHECKING:
    from pipelines.sync.planning import Wishes
    from pipelines.sync.report import SyncReport

_FIRST_DAYS = 7
_MOST = 10
_COMMAND = "data sync"


def sync(
    span: tuple[date | None, date | None],
    companies: Iterable[str],
    only: Iterable[str],
    *,
    read: bool,
    as_json_too: bool,
) -> int:
    """Collect what is new; 3 when a source did not give everything asked for.

    Args:
        span: First and last day; from the last day collected to today when not given.
        companies: Tickers to narrow it to.
        only: Groups or datasets to narrow it to.
        read: Whether to read fetched documents at once.
        as_json_too: One JSON document on stdout.
    """
    report = asyncio.run(_sync(span, list(companies), list(only), read=read))
    if as_json_too:
        screen.print_json(document(report))
    else:
        _show(report)
    return 0 if report.complete and not report.faults else 3


async def _sync(
    span: tuple[date | None, date | None],
    companies: list[str],
    only: list[str],
    *,
    read: bool,
) -> "SyncReport":
    from dexter.extraction.document import read as reader  # noqa: PLC0415 - heavy
    from dexter.store.database import Database  # noqa: PLC0415
    from pipelines.sync.alone import alone  # noqa: PLC0415
    from pipelines.sync.sync import Means, sync  # noqa: PLC0415

    settings, clock = settings_here(), SystemClock()
    database = Database.open(settings.home)
    try:
        wishes = _wishes(database, span, companies, only, read=read)
        with (
            alone(settings.home),
            open_compute(settings) as compute,
            screen.bars(timed=True) as tell,
        ):
            means = Means(reader, compute, clock.present, tell)
            async with open_sources(settings) as sources:
                return await sync(database, sources, wishes, means)
    finally:
        database.close()


def _wishes(
    database: Any,  # noqa: ANN401 - imported late
    span: tuple[date | None, date | None],
    companies: list[str],
    only: list[str],
    *,
    read: bool,
) -> "Wishes":
    from pipelines.sync.datasets import (  # noqa: PLC0415 - start-up
        CROSS_CHECK,
        DATASETS,
        GROUPS,
    )
    from pipelines.sync.planning import Wishes, resume_day  # noqa: PLC0415

    words = {one.strip().lower() for text in only for one in text.split(",")}
    known = {*GROUPS, *(one.name for one in DATASETS)}
    if unknown := sorted(words - known - {""}):
        why = (
            f"--only knows no {', '.join(unknown)}; there are {', '.join(GROUPS)}, and "
            "single datasets such as nse indices"
        )
        raise CommandError(why, _COMMAND)
    now = SystemClock().present()
    if words == {CROSS_CHECK} and not companies:
        why = "--only yahoo compares the companies that --companies names"
        raise CommandError(why, _COMMAND)
    today = now.astimezone(IST).date()
    last = min(span[1] or today, today)
    before = None if span[0] else resume_day(database, now)
    first = span[0] or min(before or last - timedelta(days=_FIRST_DAYS), last)
    if first > last:
        why = f"{first} lies after {last}"
        raise SyncRangeError(why)
    names = [one.strip().upper() for text in companies for one in text.split(",")]
    return Wishes(
        first=first,
        last=last,
        companies=tuple(dict.fromkeys(name for name in names if name)),
        only=frozenset(words - {""}),
        read_documents=read,
    )


def document(report: "SyncReport") -> dict[str, Any]:
    """The report as ``data sync --json`` prints it."""
    found = asdict(report)
    found["troubles"] = [
        {
            "source": one.piece.source,
            "dataset": one.piece.dataset,
            "unit": one.piece.unit,
            "state": one.state.value,
            "reason": one.sentence,
        }
        for one in report.troubles
    ]
    return found


def _show(report: "SyncReport") -> None:
    console = screen.out()
    mark = "[green]✓[/]" if report.complete else "[yellow]![/]"
    units = sum(report.units.values())
    console.print(
        f"{mark} {report.first} to {report.last}: {units} pieces asked for "
        f"in {report.seconds:.1f} s"
    )
    for what, count in report.rows.items():
        console.print(f"  {count:>12,} {what}")
    if report.documents:
        said = ", ".join(f"{n} {state}" for state, n in report.documents.items())
        console.print(f"  [dim]documents:[/] {said}")
    if report.compared:
        console.print(f"  [dim]closes held against Yahoo's:[/] {report.compared}")
    _show_missing(report)
    for fault in report.faults[:_MOST]:
        console.print(f"[red]✗[/] {escape(fault.file)}: {escape(fault.reason)}")


def _show_missing(report: "SyncReport") -> None:
    """What did not come, and when it is asked for again."""
    console = screen.out()
    for trouble in report.troubles[:_MOST]:
        piece = trouble.piece
        console.print(
            f"[yellow]–[/] {escape(piece.dataset)} {escape(piece.unit)}: "
            f"{escape(trouble.sentence)}"
        )
    if len(report.troubles) > _MOST:
        rest = Counter(one.state.value for one in report.troubles[_MOST:])
        said = ", ".join(f"{count} {state}" for state, count in rest.items())
        console.print(f"[dim]  and {said}; see --json[/]")
    for lane, count in report.stopped.items():
        console.print(
            f"[yellow]–[/] {escape(lane)} was left in peace with {count} pieces to go; "
            "the next sync asks for them"
        )
    if report.overdue:
        console.print(
            f"[yellow]–[/] {report.overdue} files of past sessions are not there; the "
            "next syncs look again"
        )
