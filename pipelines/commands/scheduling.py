"""``dexter schedule``: the day's research by a timer of this user."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.markup import escape

from dexter.domain.daily import DayRecord, DayState
from dexter.domain.moment import IST, in_india
from dexter.domain.run import RunStatus
from pipelines.clock import SystemClock
from pipelines.commands import screen
from pipelines.runtime import open_journals, settings_here
from pipelines.schedule.keepers import chosen, keepers
from pipelines.schedule.refusals import TimerRefusedError
from pipelines.schedule.work import Keeper, Timer, here, next_begin

_DAYS = 7
_STYLES = {"done": "green", "partial": "yellow", "failed": "red", "open": "dim"}


def install(kind: str, *, dry_run: bool) -> int:
    """Set a timer of one kind, and take away one of the other.

    Raises:
        UnknownTimerError, NoTimerError: there is none to set.
        TimerRefusedError, TornCrontabError: it was refused.
    """
    work = here(settings_here().home)
    keeper = chosen(kind)
    console = screen.out()
    if dry_run:
        for place, text in keeper.planned(work).items():
            console.print(f"[bold]{escape(place)}[/]")
            console.print(text, markup=False, soft_wrap=True)
        return 0
    work.folder.mkdir(parents=True, exist_ok=True)
    keeper.install(work)
    for other in keepers():
        if other.kind != keeper.kind and other.remove():
            console.print(f"[dim]the timer of {other.kind} is taken away[/]")
    begins = next_begin(SystemClock().present())
    console.print(f"[green]✓[/] {keeper.kind}: the day begins {begins:%d %b %H:%M} IST")
    _secrets(work.folder)
    return 0


def _secrets(folder: Path) -> None:
    """A timer sees nothing of the shell it was set in."""
    file = folder / ".env"
    if file.is_file():
        return
    hint = f"Secrets and settings of the timer go into {file}, mode 0600."
    if Path(".env").is_file():
        hint += f" Yours here: install -m 600 .env {file}"
    screen.out().print(f"[dim]{escape(hint)}[/]")


def remove() -> int:
    """Take every timer away; nothing is said to be an error."""
    gone = [keeper.kind for keeper in keepers() if keeper.remove()]
    if gone:
        screen.out().print(f"[green]✓[/] the timer of {' and '.join(gone)} is gone")
    else:
        screen.out().print("There was no timer.")
    return 0


def status(*, as_json_too: bool) -> int:
    """Whether a timer is set, when it runs next, and how the last days ended."""
    now = SystemClock().present()
    timers = [one for one in (_timer(keeper, now) for keeper in keepers()) if one]
    days = _days(settings_here().home)
    if as_json_too:
        screen.print_json(_document(timers, days))
        return 0
    console = screen.out()
    if not timers:
        console.print(
            "No timer is set for this user. [dim]`dexter schedule install` sets one; "
            "a service of the system (deploy/install.sh) is not looked at.[/]"
        )
    for timer in timers:
        mark = "[green]✓[/]" if timer.active else "[red]✗[/]"
        begins = f": next {timer.next:%a %d %b %H:%M} IST" if timer.next else ""
        console.print(f"{mark} {timer.kind}{begins}")
        if timer.reason:
            console.print(f"  [dim]{escape(timer.reason)}[/]")
    if not days:
        console.print("No day was researched yet.")
    for day in days:
        state = f"[{_STYLES.get(day.state.value, 'dim')}]{day.state.value:<8}[/]"
        ended = f"{day.ended_at.astimezone(IST):%H:%M}" if day.ended_at else "     "
        console.print(f"{day.day:%a %d %b} {state} {ended} {escape(day.reason or '')}")
    return 0


def _timer(keeper: Keeper, now: datetime) -> Timer | None:
    """A timer as it stands; none of a tool this user may not ask."""
    with suppress(TimerRefusedError):
        return keeper.timer(now)
    return None


def _days(home: Path) -> tuple[DayRecord, ...]:
    from dexter.store.database import DATABASE_FILE, Database  # noqa: PLC0415 - start-up
    from dexter.store.days import DayBook  # noqa: PLC0415

    if not (home / DATABASE_FILE).is_file():
        return ()
    database = Database.open(home)
    try:
        days = DayBook(database).records(_DAYS)
    finally:
        database.close()
    return tuple(_told(day) if day.state is DayState.OPEN else day for day in days)


def _told(day: DayRecord) -> DayRecord:
    """A day that has not ended: whether somebody works on it, or it was cut short."""
    runs = open_journals(settings_here()).runs()
    at_work = {one.query for one in runs if one.status is RunStatus.RUNNING}
    begun = f"begun {day.started_at.astimezone(IST):%d %b %H:%M}"
    if f"daily {day.day}" in at_work:
        return replace(day, reason=f"{begun}, at work")
    again = f"`dexter daily --date {day.day}` goes on"
    return replace(day, reason=f"{begun} and cut short; {again}")


def _document(timers: Sequence[Timer], days: Sequence[DayRecord]) -> dict[str, Any]:
    reason = None if timers else "no timer is set for this user"
    return {
        "timers": [
            {
                "kind": one.kind,
                "active": one.active,
                "next": in_india(one.next),
                "reason": one.reason,
            }
            for one in timers
        ],
        "reason": reason,
        "days": [
            {
                "day": one.day.isoformat(),
                "state": one.state.value,
                "started_at": in_india(one.started_at),
                "ended_at": in_india(one.ended_at),
                "reason": one.reason,
            }
            for one in days
        ],
    }
