"""What the journal's tests share."""

from pathlib import Path

import pytest

from dexter.journal import SqliteJournalStore


@pytest.fixture
def store(tmp_path: Path) -> SqliteJournalStore:
    """A store in a folder that does not exist yet."""
    return SqliteJournalStore(tmp_path / "home" / "journal.db")
