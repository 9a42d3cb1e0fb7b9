"""Real payloads read, pass the drift check, and agree with a plain reading of them."""

import csv
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from dexter.sources.bars import NO_BAND, bands_of, deliveries_of, read_bars
from dexter.sources.drift import news
from dexter.sources.moments import moment_of
from dexter.sources.payload import Payload
from dexter.sources.reading import read

pytestmark = pytest.mark.real

SESSION = date(2025, 12, 17)


@pytest.fixture(scope="module")
def api(shared: Path) -> Path:
    return shared / "data" / "filings" / "api"


def taken(dataset: str, path: Path, day: date | None = None) -> Payload:
    payload = read(dataset, path.name, str(path), path.read_bytes(), day=day)
    assert payload.records
    assert news(dataset, payload.records) == ()
    return payload


def plainly(path: Path, skip: int = 0) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for _ in range(skip):
            next(file)
        rows = [[cell.strip() for cell in row] for row in csv.reader(file)]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if any(row)]


JSON_LISTS = {
    "nse announcements": "nse_samples/announcements.json",
    "nse board meetings": "nse_samples/boardMeetings.json",
    "nse corporate actions": "nse_samples/actions.json",
    "nse legacy results": "nse_samples/financial_results.json",
    "bse result calendar": "bse_samples/resultCalendar.json",
    "bse scrip master": "bse_samples/listSecurities.json",
}


@pytest.mark.parametrize("dataset", JSON_LISTS)
def test_samples_of_lists(dataset: str, api: Path) -> None:
    path = api / JSON_LISTS[dataset]
    assert list(taken(dataset, path).records) == json.loads(path.read_text())


def test_a_sample_of_bse_announcements(api: Path) -> None:
    path = api / "bse_samples" / "announcements.json"
    plain = json.loads(path.read_text())
    assert list(taken("bse announcements", path).records) == plain["Table"]


def test_samples_of_holidays_and_quotes(api: Path) -> None:
    samples = api / "nse_samples"
    plain = json.loads((samples / "holidays.json").read_text())
    assert [
        dict(row) for row in taken("nse holidays", samples / "holidays.json").records
    ] == [{"segment": name, **row} for name, rows in plain.items() for row in rows]
    for name in (
        *("quote.json", "getDetailedScripData.json"),
        "stock-nse-india_quote-equity-tcs.json",
    ):
        quote = json.loads((samples / name).read_text())
        quote = quote.get("equityResponse", [quote])[0]
        (row,) = taken("nse quote", samples / name).records
        assert same(row, quote)


def same(flat: Mapping[str, object], nested: Mapping[str, object]) -> bool:
    def leaves(prefix: str, branch: Mapping[str, object]) -> dict[str, object]:
        found: dict[str, object] = {}
        for name, value in branch.items():
            if isinstance(value, dict):
                found.update(leaves(f"{prefix}{name}.", value))
            else:
                found[f"{prefix}{name}"] = value
        return found

    return dict(flat) == leaves("", nested)


def test_every_list_of_results(api: Path) -> None:
    paths = sorted((api / "nse_corporates_financial_results").glob("*.json"))
    assert len(paths) == 34
    for path in paths:
        records = taken("nse legacy results", path).records
        assert list(records) == json.loads(path.read_text())
        for row in records:
            assert row["filingDate"] == "-" or moment_of(row["filingDate"])
            assert moment_of(row["toDate"])


def test_a_session_of_prices_and_deliveries(api: Path) -> None:
    path = api / "nse_daily_pack_20251217" / "sec_bhavdata_full_17122025.csv"
    payload = taken("nse delivery", path, SESSION)
    assert list(payload.records) == plainly(path)
    frame = pd.read_csv(path, skipinitialspace=True, na_values="-")
    reading = read_bars(payload)
    assert reading.problems == ()
    assert len(reading.bars) == len(frame)
    delivered = deliveries_of(payload)
    for bar, row in zip(reading.bars, frame.to_dict("records"), strict=True):
        assert (bar.symbol, bar.series, bar.day) == (
            row["SYMBOL"],
            row["SERIES"],
            SESSION,
        )
        assert (bar.open, bar.high, bar.low, bar.close, bar.last) == (
            row["OPEN_PRICE"],
            row["HIGH_PRICE"],
            row["LOW_PRICE"],
            row["CLOSE_PRICE"],
            row["LAST_PRICE"],
        )
        assert bar.previous_close == row["PREV_CLOSE"]
        assert (bar.volume, bar.trades) == (row["TTL_TRD_QNTY"], row["NO_OF_TRADES"])
        assert bar.turnover == pytest.approx(row["TURNOVER_LACS"] * 100_000)
        shares = delivered[bar.symbol, bar.series]
        assert (
            shares is None if pd.isna(row["DELIV_QTY"]) else shares == row["DELIV_QTY"]
        )


def test_the_list_of_price_bands(api: Path) -> None:
    path = api / "nse_sec_list" / "sec_list.csv"
    payload = taken("nse bands", path)
    plain = plainly(path)
    assert list(payload.records) == plain
    bands = bands_of(payload)
    assert len(bands) == len(plain)
    for row in plain:
        band = bands[row["Symbol"], row["Series"]]
        assert str(band) == (NO_BAND if row["Band"] == "No Band" else row["Band"])


@pytest.mark.parametrize(
    ("dataset", "name"),
    [
        ("nse band hits", "nse_daily_pack_20251217/bh17122025.csv"),
        ("nse actions of a day", "nse_daily_pack_20251217/bc17122025.csv"),
        ("nse announcements file", "nse_CF-AN-equities_2026-01-24_to_25.csv"),
        ("nse index members", "nse_lists/ind_nifty500list.csv"),
    ],
)
def test_files_that_people_download(dataset: str, name: str, api: Path) -> None:
    assert list(taken(dataset, api / name).records) == plainly(api / name)


def test_announcement_files_say_when(api: Path) -> None:
    path = api / "nse_CF-AN-equities_2026-01-24_to_25.csv"
    for row in taken("nse announcements file", path).records:
        said = moment_of(row["BROADCAST DATE/TIME"])
        assert said is not None
        assert said.date() in {date(2026, 1, 24), date(2026, 1, 25)}
        assert moment_of(row["RECEIPT"]) == said
