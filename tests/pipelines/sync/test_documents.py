"""Documents by more than one address: the same bytes at once."""

import asyncio
import hashlib
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from dexter.domain.moment import IST
from dexter.sources.download import Download
from dexter.store import tables as t
from dexter.store.database import Database
from dexter.store.documents import Documents
from dexter.store.wanted import Want, Wanted, want
from pipelines.ingest.intake import Intake
from pipelines.ingest.report import silent
from pipelines.sync.documents import Fetcher
from pipelines.sync.report import SyncTally
from pipelines.sync.wanting import Place

NOW = datetime(2026, 7, 24, 18, 0, tzinfo=IST)
WHOLE, CUT = b"%PDF-1.7 results %%EOF", b"%PDF-1.7 resul"


class BothAtOnce:
    """Two exchanges with the same bytes: neither is done before the other."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.there = asyncio.Barrier(2)

    async def document(self, url: str, folder: Path) -> Download:
        """The bytes, once the other has them too."""
        path = self._written(folder)
        await self.there.wait()
        return Download(path, self.sha256, len(self.content), url)

    def _written(self, folder: Path) -> Path:
        folder.mkdir(exist_ok=True)
        path = folder / self.sha256
        path.write_bytes(self.content)
        return path

    attachment = document


@pytest.mark.parametrize(("content", "ended"), [(WHOLE, Want.KEPT), (CUT, Want.WANTED)])
async def test_the_same_bytes_by_two_addresses_at_once(
    tmp_path: Path, content: bytes, ended: Want
) -> None:
    database = Database.open(tmp_path)
    wishes = [
        Wanted("https://nse.example/a.pdf", "ABC", Place.NSE, NOW, NOW),
        Wanted("https://bse.example/b.pdf", "ABC", Place.BSE, NOW, NOW),
    ]
    with database.write() as connection:
        want(connection, wishes)
    both = BothAtOnce(content)
    sources: Any = SimpleNamespace(nse=both, bse=both)
    fetcher = Fetcher(sources, Intake(database, silent, NOW), lambda: NOW, SyncTally())
    await fetcher.fetch()
    with database.read() as connection:
        states = list(connection.scalars(sa.select(t.wanted.c.state)))
    assert states == [ended.value] * 2
    assert Documents(tmp_path).has(both.sha256) is (ended is Want.KEPT)
    assert list((tmp_path / "incoming").iterdir()) == []
    database.close()
