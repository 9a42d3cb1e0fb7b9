"""What days are worked through with, and how their letters leave."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dexter.domain.delivery import Notice
from dexter.errors import DexterError
from dexter.operating import Operating
from dexter.ports import Channel
from dexter.store.database import Database
from pipelines.daily.collecting import World
from pipelines.daily.delivering import deliver
from pipelines.daily.keeping import Keeper
from pipelines.daily.report import DayReport
from pipelines.runtime import Desk

Sleep = Callable[[float], Awaitable[object]]
AT_ONCE, PATIENCE = timedelta(0), timedelta(minutes=2)
"""How long letters that are put off for a moment are waited for; in the end longer."""


@dataclass(frozen=True, slots=True)
class Means:
    """What days are worked through with.

    Args:
        desk: The open home.
        database: Of its market.
        operating: What the operator decided.
        world: The sources and the reader of documents.
        channels: The ways out, by name.
        model: The language model by name; null for the settings' own.
        dry: Whether nothing is kept or sent.
        saved: Called with the report of a day that ended.
        sleep: Waits so many seconds.
    """

    desk: Desk
    database: Database
    operating: Operating
    world: World
    channels: Mapping[str, Channel]
    model: str | None
    dry: bool
    saved: Callable[[DayReport], object]
    sleep: Sleep = asyncio.sleep

    def now(self) -> datetime:
        """The present."""
        return self.desk.clock.present()


async def send(means: Means, patience: timedelta = AT_ONCE) -> None:
    """Deliver what is due; on a dry run nothing is.

    Args:
        means: The outbox and the ways out.
        patience: How long to wait for letters that are put off for a moment.

    Raises:
        StoreError: the outbox cannot be written.
    """
    if not means.dry:
        await deliver(
            means.database,
            means.channels,
            means.operating,
            means.desk.clock,
            patience=patience,
            sleep=means.sleep,
        )


async def tell(notice: Notice, about: date, means: Means, error: BaseException) -> None:
    """Let the operator hear of an error of a day, if that can still be done."""
    try:
        Keeper(means.database, means.operating).post(notice, means.now(), about)
        await send(means)
    except Exception as second:  # noqa: BLE001 - the first error is the one to raise
        error.add_note(f"and nobody could be told: {sentence_of(second)}")


def sentence_of(error: Exception) -> str:
    """An error in words; of one nobody foresaw only what it is."""
    return error.sentence if isinstance(error, DexterError) else type(error).__name__
