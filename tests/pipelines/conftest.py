"""A desk on the sample market for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dexter.settings import Settings
from pipelines.runtime import Desk, open_desk


@pytest.fixture
def sample_desk(sample_home: Path) -> Iterator[Desk]:
    """A desk on the sample market."""
    desk = open_desk(Settings(home=sample_home), sample=True)
    yield desk
    desk.close()
