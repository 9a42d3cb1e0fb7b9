"""dexter alerts show: by an id, or by the beginning of one."""

from pathlib import Path

import pytest

from dexter.store.alerts import AlertLedger
from dexter.store.database import Database
from tests.cli.terminal import Terminal, refused
from tests.ml.making_alerts import alert
from tests.store.making_outbox import NOW


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DEXTER_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    database = Database.open(tmp_path)
    for symbol in ("HCL", "HCLTECH", "KAVCAB"):
        AlertLedger(database).record(alert(symbol), run_id="r", made_at=NOW)
    database.close()


@pytest.mark.parametrize(
    ("told", "symbol"), [("K", "KAVCAB"), ("HCL-", "HCL"), ("HCLT", "HCLTECH")]
)
def test_a_beginning_that_only_one_has(
    dexter: Terminal, told: str, symbol: str
) -> None:
    shown = dexter("alerts", "show", told, "--json").document
    assert shown["id"] == alert(symbol).id
    assert symbol in dexter("alerts", "show", told).out


def test_what_several_begin_with_is_asked_for(dexter: Terminal) -> None:
    said = dexter("alerts", "show", "HCL")
    refused(said, 2)
    assert "2 alerts begin with 'HCL'" in said.words
    assert f"{alert('HCL').id}, {alert('HCLTECH').id}" in said.words
    said = dexter("alerts", "show", "TCS")
    refused(said, 2)
    assert "There is no alert 'TCS'" in said.words


def test_the_list_shows_ids_that_can_be_asked_for(dexter: Terminal) -> None:
    lines = dexter("alerts", "list").out.splitlines()[1:]
    assert [dexter("alerts", "show", line.split()[0]).code for line in lines] == [0] * 3
