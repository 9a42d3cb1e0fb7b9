"""After anything came in: keys, times, events, seasons and sessions agree again."""

import sqlalchemy as sa

from dexter.store import tables as t
from dexter.store.database import set_note
from pipelines.ingest.intake import UNSETTLED, Intake
from pipelines.ingest.papers import keep_names_of
from pipelines.ingest.report import Progress
from pipelines.ingest.season import measure_seasons
from pipelines.ingest.settle import settle
from pipelines.market_days import keep_market_days


def finish(intake: Intake, *, changed: bool) -> None:
    """Settle what came in, and what an interrupted import left unsettled before it.

    Args:
        intake: What was taken in, with the companies it touched.
        changed: Whether anything new was kept; if not, and nothing was left
            unsettled, nothing is done.
    """
    database = intake.database
    with database.write() as connection:
        changed |= bool(keep_names_of(connection, intake.called))
        if changed:
            set_note(connection, UNSETTLED, "yes")
    if not changed and not intake.interrupted:
        return
    if intake.interrupted:
        intake.tally.touched.update(_everybody(intake))
    intake.on_progress(Progress("settling", 0, 1))
    settle(intake)
    intake.on_progress(Progress("settling", 1, 1))
    keep_market_days(database, lambda *told: intake.on_progress(Progress(*told)))
    measure_seasons(intake)


def _everybody(intake: Intake) -> set[str]:
    with intake.database.read() as connection:
        return {
            symbol
            for table in (t.figures, t.publications, t.filings, t.events)
            for symbol in connection.scalars(sa.select(table.c.symbol).distinct())
            if symbol
        }
