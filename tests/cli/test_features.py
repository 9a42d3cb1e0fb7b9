"""``dexter features``: one company, the catalogue, a chart, a table of all."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from dexter.features.catalogue import BY_NAME, SPECS, catalogue_hash
from tests.cli.terminal import Terminal, failed_document, refused

pytestmark = pytest.mark.usefixtures("home")

SYMBOL = "KAVCEM"
PNG = b"\x89PNG\r\n\x1a\n"


def document(dexter: Terminal, *options: object) -> Any:  # noqa: ANN401 - as JSON says
    said = dexter("features", SYMBOL, "--json", *options)
    assert said.code == 0, said.err
    return said.document


def values(found: Any) -> dict[str, float | None]:  # noqa: ANN401 - as above
    return {name: one["value"] for name, one in found["features"].items()}


def test_the_document_keeps_its_contract(dexter: Terminal) -> None:
    found = document(dexter)
    assert (found["symbol"], found["catalogue_hash"]) == (SYMBOL, catalogue_hash())
    assert list(found["features"]) == [spec.name for spec in SPECS]
    for name, feature in found["features"].items():
        spec = BY_NAME[name]
        assert (feature["value"] is None) is bool(feature["reason"]), name
        assert (feature["value"] is None) is (feature["evidence"] is None), name
        assert feature["category"] == spec.category.value
        assert feature["unit"] == spec.unit.value
    assert {one["category"] for one in found["features"].values()} == {
        *("technical", "financial", "earnings", "sentiment"),
        *("seasonality", "liquidity", "regime", "pattern"),
    }
    known = values(found)
    assert known["rsi_14"] is not None
    assert 0 < known["rsi_14"] < 100
    assert found["features"]["social_buzz_7"]["reason"] == "no social source is on"


@pytest.mark.parametrize("quarter", ["Q9 FY25", "spring"])
def test_what_is_no_quarter_is_refused(dexter: Terminal, quarter: str) -> None:
    said = dexter("features", SYMBOL, "--quarter", quarter)
    refused(said, 2)
    assert f"{quarter!r} is not a fiscal quarter" in said.words
    assert "Write it as Q1 FY26" in said.words


def test_as_of_and_quarter_say_when(dexter: Terminal) -> None:
    now, before = document(dexter), document(dexter, "--as-of", "2025-06-02T12:00")
    assert before["as_of"] == "2025-06-02T12:00:00+05:30"
    assert before["as_of"] < now["as_of"]
    published = document(dexter, "--quarter", "Q1 FY26")
    assert published["period"] == "Q1 FY26"
    assert before["as_of"] < published["as_of"] < now["as_of"]
    closes = {values(one)["sma_50"] for one in (now, before, published)}
    assert len(closes) == 3


def test_a_value_is_traced_to_its_formula_and_its_inputs(dexter: Terminal) -> None:
    found = document(dexter)
    item = found["features"]["atr_14"]["evidence"]
    said = dexter("runs", "why", found["run_id"], item)
    assert said.code == 0
    shown = " ".join(said.out.split())
    assert "atr_14" in shown
    assert BY_NAME["atr_14"].formula[:30] in shown
    for name in ("high", "low", "close"):
        assert name in shown
    deeper = dexter("runs", "why", found["run_id"], item, "--json").document
    assert "2025-08-14" in json.dumps(deeper)
    assert dexter("runs", "verify", found["run_id"]).code == 0
    assert dexter("runs", "replay", found["run_id"]).code == 0


def test_on_the_screen_every_feature_has_a_line(dexter: Terminal) -> None:
    said = dexter("features", SYMBOL)
    assert said.code == 0
    assert "Kaveri Cement Limited (KAVCEM)" in said.out
    shown = set(said.out.split())
    assert {spec.name for spec in SPECS} <= shown
    assert "no social source is on" in " ".join(said.out.split())


def test_the_catalogue(dexter: Terminal) -> None:
    found = dexter("features", "--catalogue", "--json").document
    assert found["catalogue_hash"] == catalogue_hash()
    assert [one["name"] for one in found["features"]] == [s.name for s in SPECS]
    for one in found["features"]:
        assert one["about"]
        assert one["formula"]
        assert one["look_back"]
        assert one["absent"]
    said = dexter("features", "--catalogue")
    assert said.code == 0
    assert "rsi_14" in said.out
    assert catalogue_hash() in said.out


@pytest.mark.parametrize(
    ("name", "begins"), [("chart.png", PNG), ("chart.SVG", b"<?xml")]
)
def test_a_chart_is_drawn(dexter: Terminal, name: str, begins: bytes) -> None:
    said = dexter("features", SYMBOL, "--chart", name, "--json")
    assert said.code == 0, said.err
    assert said.document["symbol"] == SYMBOL
    assert Path(name).read_bytes().startswith(begins)


def test_every_company_is_written_to_a_table(dexter: Terminal) -> None:
    moment = ["--as-of", "2025-08-14T21:00"]
    assert dexter("features", "--all", "all.parquet", *moment).code == 0
    table = pq.read_table("all.parquet")
    assert table.schema.metadata == {b"catalogue_hash": catalogue_hash().encode()}
    assert set(table.column_names) == {"symbol", "as_of", "period_end", *BY_NAME}
    row = table["symbol"].to_pylist().index(SYMBOL)
    alone = values(document(dexter, *moment))
    for name, value in alone.items():
        told = table[name][row].as_py()
        if value is None:
            assert told is None, name
        else:
            assert told == pytest.approx(value, rel=1e-9, abs=1e-12), name


def test_the_table_comes_out_the_same_day_by_day(dexter: Terminal) -> None:
    moments = [f"2025-08-{day}T21:00" for day in ("12", "13", "14")]
    for moment in moments:
        options = ("--all", "kept.parquet", "--as-of", moment)
        assert dexter("features", *options).code == 0
    for state in Path("..").rglob("momentum.npz"):
        state.unlink()
    last = ("--all", "anew.parquet", "--as-of", moments[-1])
    assert dexter("features", *last).code == 0
    assert pq.read_table("kept.parquet").equals(pq.read_table("anew.parquet"))


def test_an_unknown_symbol_names_those_near_it(dexter: Terminal) -> None:
    said = dexter("features", "KAVCEN")
    refused(said, 2)
    assert SYMBOL in said.words
    failed = failed_document(dexter("features", "KAVCEN", "--json"), 2)
    assert SYMBOL in failed["hint"]


def test_a_quarter_without_results_is_said_to_be(dexter: Terminal) -> None:
    said = dexter("features", SYMBOL, "--quarter", "Q1 FY05", "--json")
    assert said.code == 3
    assert not any(values(said.document).values())


@pytest.mark.parametrize(
    "line",
    [
        (),
        (SYMBOL, "--chart", "chart.gif"),
        ("--all", "all.csv"),
        ("--all", "all"),
        (SYMBOL, "--as-of", "soon"),
        (SYMBOL, "--quarter", "Q9 FY25"),
        (SYMBOL, "--quarter", "Q0 FY25"),
        (SYMBOL, "--quarter", "soon"),
        (SYMBOL, "--as-of", "2999-01-01"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_a_sentence(
    dexter: Terminal, line: tuple[str, ...]
) -> None:
    refused(dexter("features", *line), 2)
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("option", [("--chart", "no/c.png"), ("--all", "no/a.parquet")])
def test_a_folder_that_is_not_there(dexter: Terminal, option: tuple[str, str]) -> None:
    subject = [SYMBOL] if option[0] == "--chart" else []
    refused(dexter("features", *subject, *option), 2)
