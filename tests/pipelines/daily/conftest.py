"""A small invented home for the tests of days."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dexter.store.database import Database
from tests.pipelines.daily.day_scenes import NEXT_MORNING, Clock, Days, Home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """An empty home."""
    database = Database.open(tmp_path / "home")
    yield Home(database)
    database.close()


@pytest.fixture
def days(home: Home, tmp_path: Path) -> Iterator[Days]:
    """Days over it, on the morning after."""
    opened = Days(home, tmp_path / "home", Clock(NEXT_MORNING))
    yield opened
    opened.desk.close()
