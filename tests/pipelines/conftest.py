"""A home with the sample market, made once; a desk on it for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dexter.settings import Settings
from pipelines.runtime import Desk, open_desk


@pytest.fixture(scope="session")
def market_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose sample market is imported; runs add only to its journal."""
    home = tmp_path_factory.mktemp("market")
    open_desk(Settings(home=home), sample=True).close()
    return home


@pytest.fixture
def sample_desk(market_home: Path) -> Iterator[Desk]:
    """A desk on the sample market."""
    desk = open_desk(Settings(home=market_home), sample=True)
    yield desk
    desk.close()
