"""Heads of runs, kept outside the journal so that a cut tail shows."""

import sqlalchemy as sa

from dexter.domain.research import JournalHead
from dexter.store.database import Database
from dexter.store.tables import run_heads


class RunHeads:
    """How each run ended, as the store remembers it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save_head(
        self, run_id: str, head: JournalHead, report_sha256: str | None
    ) -> None:
        """Keep the head of a run and the hash of its report; the latest word counts."""
        row = {
            "run_id": run_id,
            "events": head.events,
            "head": head.head,
            "report_sha256": report_sha256,
        }
        with self._database.write() as connection:
            connection.execute(sa.delete(run_heads).where(run_heads.c.run_id == run_id))
            connection.execute(sa.insert(run_heads), row)

    def head(self, run_id: str) -> JournalHead | None:
        """The kept head of a run, or none."""
        query = sa.select(run_heads).where(run_heads.c.run_id == run_id)
        with self._database.read() as connection:
            row = connection.execute(query).mappings().first()
        return JournalHead(row["events"], row["head"]) if row else None

    def report_sha256(self, run_id: str) -> str | None:
        """The hash of the report a run printed, or none."""
        query = sa.select(run_heads.c.report_sha256).where(run_heads.c.run_id == run_id)
        with self._database.read() as connection:
            return connection.scalar(query)
