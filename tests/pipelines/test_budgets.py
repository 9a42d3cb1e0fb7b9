"""Who has the last word on money."""

from decimal import Decimal
from pathlib import Path

import pytest

from dexter.operating import Budgets
from dexter.operating.inforce import Origin
from dexter.settings import Settings
from pipelines.budgets import Ceiling, ceilings

FILED = Budgets(usd_per_run=Decimal("0.5"), usd_per_day=Decimal(5))


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("RUN", "DAY"):
        monkeypatch.delenv(f"DEXTER_BUDGET_USD_PER_{name}", raising=False)


def test_without_a_word_the_defaults_hold() -> None:
    found = ceilings(Budgets(), Settings())
    assert found.run == Ceiling(Decimal(1), Origin.DEFAULT)
    assert found.day == Ceiling(Decimal(10), Origin.DEFAULT)


def test_the_file_is_over_the_defaults() -> None:
    found = ceilings(FILED, Settings())
    assert found.run == Ceiling(Decimal("0.5"), Origin.FILE)
    assert found.day == Ceiling(Decimal(5), Origin.FILE)
    none = ceilings(Budgets(usd_per_run=Decimal(0)), Settings())
    assert none.run == Ceiling(Decimal(0), Origin.FILE), "nothing is a budget too"


def test_the_environment_is_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEXTER_BUDGET_USD_PER_RUN", "2")
    found = ceilings(FILED, Settings())
    assert found.run == Ceiling(Decimal(2), Origin.ENVIRONMENT)
    assert found.day == Ceiling(Decimal(5), Origin.FILE)


def test_said_in_the_environment_even_the_default_is_over_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEXTER_BUDGET_USD_PER_RUN", "1")
    assert ceilings(FILED, Settings()).run == Ceiling(Decimal(1), Origin.ENVIRONMENT)
    monkeypatch.setenv("DEXTER_BUDGET_USD_PER_RUN", "")
    assert ceilings(FILED, Settings()).run.origin is Origin.FILE


def test_a_line_of_the_env_file_is_the_environment(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DEXTER_BUDGET_USD_PER_DAY=3\n")
    assert ceilings(FILED, Settings()).day == Ceiling(Decimal(3), Origin.ENVIRONMENT)
