"""``dexter alerts notice``: something the operator must hear, put into the outbox."""

from datetime import datetime

from rich.markup import escape

from dexter.domain.alert import Priority
from dexter.domain.delivery import Notice
from dexter.domain.moment import IST
from dexter.errors import UsageError
from pipelines.clock import SystemClock
from pipelines.commands import screen
from pipelines.runtime import settings_here

_KEY = 128  # as many characters as the outbox keeps of one
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
        key: News under a key that was told stays told. Default: the text and the day.
        unit: The service that failed, told once a day, in place of a text.
        as_json_too: One JSON document on stdout.

    Raises:
        NothingToTellError: neither a text nor a unit.
        OperatingError: dexter.toml cannot be used.
    """
    from dexter.store.database import Database  # noqa: PLC0415 - start-up
    from pipelines.daily.keeping import Keeper  # noqa: PLC0415
    from pipelines.outside import operating_of  # noqa: PLC0415

    now = SystemClock().present()
    told = _failed(unit, now) if unit else _said(text, key, now)
    settings = settings_here()
    operating = operating_of(settings)
    database = Database.open(settings.home)
    try:
        Keeper(database, operating).post(told, now)
    finally:
        database.close()
    if as_json_too:
        screen.print_json({"key": told.key, "title": told.title, "lines": told.lines})
    else:
        screen.out().print(f"[green]✓[/] in the outbox: {escape(told.title)}")
    return 0


def _failed(unit: str, now: datetime) -> Notice:
    """A service that fails all day is news once a day."""
    return Notice(
        f"failed:{unit}:{_day(now)}",
        Priority.HIGH,
        f"{unit} failed",
        (
            f"At {now.astimezone(IST):%d %b %Y %H:%M} IST; it is tried again.",
            f"What it said: journalctl -u {unit} (or the log of cron).",
            "What is wrong here: dexter doctor",
        ),
    )


def _said(text: str | None, key: str | None, now: datetime) -> Notice:
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    if not lines:
        raise NothingToTellError
    title, *rest = lines
    same = (key or f"{title[:_LONGEST]}:{_day(now)}")[:_KEY]
    return Notice(same, Priority.HIGH, title, tuple(rest))


def _day(now: datetime) -> str:
    return f"{now.astimezone(IST):%Y-%m-%d}"
