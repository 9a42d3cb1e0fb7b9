"""``dexter alerts notice``: something the operator must hear, put into the outbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.markup import escape

from dexter.console.terminal import plain
from dexter.domain.alert import Priority
from dexter.domain.delivery import Notice
from dexter.domain.moment import IST
from dexter.errors import UsageError
from pipelines.clock import SystemClock
from pipelines.commands import screen
from pipelines.runtime import settings_here

if TYPE_CHECKING:
    from pipelines.daily.keeping import Posted

_MOST = 128  # as many characters as the outbox keeps of one
_LONGEST = 100


class NothingToTellError(UsageError):
    """A notice without words."""

    def __init__(self) -> None:
        super().__init__(
            "There is nothing to tell in this notice.",
            'Try: dexter alerts notice "The disk is nearly full", or --unit NAME.',
        )


def notice(
    text: str | None, *, key: str | None, unit: str | None, as_json_too: bool
) -> int:
    """Put a notice to every recipient of notices into the outbox.

    Nothing is sent here: `alerts outbox --send` does that, so that a channel that is
    down cannot lose the news.

    Args:
        text: What to tell; the first line is its title.
        key: News under a key that was told stays told. Default: the text, or the unit,
            and the day.
        unit: The service that failed, told once a day; the text is told with it.
        as_json_too: One JSON document on stdout; ``letters`` is how many are new, and
            ``reason`` why there is none.

    Raises:
        NothingToTellError: neither a text nor a unit.
        OperatingError: dexter.toml cannot be used.
    """
    from dexter.store.database import Database  # noqa: PLC0415 - start-up
    from pipelines.daily.keeping import Keeper  # noqa: PLC0415
    from pipelines.outside import operating_of  # noqa: PLC0415

    now = SystemClock().present()
    lines = _lines(text)
    told = _failed(unit, lines, key, now) if unit else _said(lines, key, now)
    settings = settings_here()
    operating = operating_of(settings)
    database = Database.open(settings.home)
    try:
        posted = Keeper(database, operating).post(told, now)
    finally:
        database.close()
    reason = _why_none(told, posted)
    if as_json_too:
        said = {"key": told.key, "title": told.title, "lines": told.lines}
        screen.print_json({**said, "letters": posted.new, "reason": reason})
    elif reason:
        screen.out().print(f"[yellow]–[/] not put into the outbox: {escape(reason)}")
    else:
        screen.out().print(f"[green]✓[/] in the outbox: {escape(told.title)}")
    return 0


def _why_none(told: Notice, posted: "Posted") -> str | None:
    """Why nothing new is in the outbox; null where something is."""
    if posted.new:
        return None
    if not posted.meant:
        return "nobody to tell: no recipient of dexter.toml hears notices"
    return f"already told under the key {told.key!r}; another --key makes it news"


def _failed(unit: str, lines: Sequence[str], key: str | None, now: datetime) -> Notice:
    """A service that fails all day is news once a day."""
    unit = plain(unit)
    return Notice(
        _key(key or f"failed:{unit}:{_day(now)}"),
        Priority.HIGH,
        f"{unit} failed",
        (
            *lines,
            f"At {now.astimezone(IST):%d %b %Y %H:%M} IST; it is tried again.",
            f"What it said: journalctl -u {unit} (or the log of cron).",
            "What is wrong here: dexter doctor",
        ),
    )


def _said(lines: Sequence[str], key: str | None, now: datetime) -> Notice:
    if not lines:
        raise NothingToTellError
    title, *rest = lines
    same = _key(key or f"{title[:_LONGEST]}:{_day(now)}")
    return Notice(same, Priority.HIGH, title, tuple(rest))


def _lines(text: str | None) -> tuple[str, ...]:
    """What is told, without what would steer the terminal of who reads it."""
    lines = (plain(line).strip() for line in (text or "").splitlines())
    return tuple(line for line in lines if line)


def _key(text: str) -> str:
    return plain(text)[:_MOST]


def _day(now: datetime) -> str:
    return f"{now.astimezone(IST):%Y-%m-%d}"
