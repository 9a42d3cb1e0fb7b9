"""DEXTER_DATABASE_URL: the home's own file, and a refusal of everything else."""

from pathlib import Path

import pytest

from dexter.errors import UnusableVariableError
from pipelines.runtime import settings_here

VARIABLE = "DEXTER_DATABASE_URL"


def test_the_file_of_the_home_may_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DEXTER_HOME", str(tmp_path / "there"))
    for named in (f"{tmp_path}/there/dexter.db", "there/dexter.db"):
        monkeypatch.setenv(VARIABLE, f"sqlite:///{named}")
        assert settings_here().home == tmp_path / "there"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:madeup@localhost/dexter",
        "postgresql+psycopg://localhost/dexter",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:////elsewhere/dexter.db",
        "sqlite:///dexter.db?mode=ro",
        "there/dexter.db",
    ],
)
def test_another_database_is_refused_and_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DEXTER_HOME", str(tmp_path / "there"))
    monkeypatch.setenv(VARIABLE, url)
    with pytest.raises(UnusableVariableError, match="PostgreSQL is not there") as made:
        settings_here()
    assert f"sqlite:///{tmp_path}/there/dexter.db" in made.value.hint
    assert "madeup" not in f"{made.value.sentence} {made.value.hint}"
