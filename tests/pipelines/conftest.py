"""A desk on the sample market for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dexter.settings import Settings
from pipelines.runtime import Desk, open_desk
from tests.homes import lent


@pytest.fixture
def sample_desk(
    sample_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """A desk on the sample market."""
    home = lent(sample_home, tmp_path_factory.mktemp("desk"))
    desk = open_desk(Settings(home=home), sample=True)
    yield desk
    desk.close()
