import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from dexter.domain.filing import Basis, Grade
from dexter.domain.moment import IST, AsOf
from dexter.domain.period import Quarter, Window
from dexter.errors import ImportShapeError
from dexter.extraction.document import read
from dexter.ports import Compute
from dexter.store import tables as t
from dexter.store.database import Database
from dexter.store.directory import StoreDirectory
from dexter.store.filings import StoreFilings
from dexter.store.prices import ParquetPrices
from dexter.store.status import status
from pipelines.compute import opened
from pipelines.ingest.folder import NoFolderError, import_folder
from pipelines.ingest.reading import Read
from pipelines.ingest.report import Progress
from pipelines.ingest.sample import ensure_sample
from pipelines.pool import Caps
from tests.conftest import ROOT
from tests.pipelines.ingest_scenes import (
    OneThread,
    contents,
    deadly,
    endless,
    truncated,
)

SAMPLE = ROOT / "data" / "sample"
EVENING = AsOf(datetime(2025, 8, 14, 20, tzinfo=IST), explicit=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, imported once for the tests that only look."""
    place = tmp_path_factory.mktemp("home")
    report = import_folder(SAMPLE, place, read=read)
    assert report.faults == ()
    return place


@pytest.fixture
def store(home: Path) -> Iterator[Database]:
    database = Database.open(home)
    yield database
    database.close()


@pytest.fixture
def threads() -> Iterator[Compute]:
    with OneThread(1) as made:
        yield made


def test_importing_twice_adds_nothing(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    before = contents(copy)
    report = import_folder(SAMPLE, copy, read=read)
    assert "imported" not in report.files
    assert report.files["already kept"] > 100
    assert contents(copy) == before


def test_the_order_of_folders_leaves_no_trace(home: Path, tmp_path: Path) -> None:
    import_folder(SAMPLE / "filings", tmp_path, read=read)
    import_folder(SAMPLE / "market", tmp_path, read=read)
    assert contents(tmp_path) == contents(home)


def test_an_interrupted_import_is_finished_by_the_next(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pipelines.ingest.finish.settle", stop)
        with pytest.raises(KeyboardInterrupt):
            import_folder(SAMPLE, tmp_path, read=read)
    report = import_folder(SAMPLE, tmp_path, read=read)
    assert "imported" not in report.files
    assert contents(tmp_path) == contents(home)


@pytest.mark.parametrize("reader", [truncated, deadly, endless])
def test_one_bad_document_costs_one_document(reader: Read, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(SAMPLE / "filings" / "xbrl" / "KAVCAB", folder)
    for found in (SAMPLE / "filings" / "pdf").glob("KAV*"):
        shutil.copy(found, folder)
    count = len(list(folder.iterdir()))
    with opened(caps=Caps(seconds=12)) as compute:
        home = tmp_path / "home"
        report = import_folder(folder, home, read=reader, compute=compute)
    assert [Path(fault.file).name[:15] for fault in report.faults] == [
        "KAVCEM_20250630"
    ]
    assert report.faults[0].reason
    assert report.files["failed"] == 1
    assert report.files["imported"] == count - 1


def test_ctrl_c_keeps_what_was_read(tmp_path: Path, threads: Compute) -> None:
    folder = SAMPLE / "filings" / "xbrl" / "KAVCAB"
    told: list[Progress] = []

    def press(progress: Progress) -> None:
        told.append(progress)
        if progress.stage == "documents" and progress.done == 3:
            raise KeyboardInterrupt

    home = tmp_path / "home"
    with pytest.raises(KeyboardInterrupt):
        import_folder(folder, home, read=read, compute=threads, on_progress=press)
    assert [one.done for one in told] == [0, 1, 2, 3]
    report = import_folder(folder, home, read=read, compute=threads)
    assert report.files["already kept"] == 2
    whole = tmp_path / "whole"
    import_folder(folder, whole, read=read, compute=threads)
    assert contents(home) == contents(whole)


def test_documents_of_an_earlier_reader_are_read_again(
    tmp_path: Path, threads: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(SAMPLE / "filings" / "xbrl" / "KAVCAB", folder)
    shutil.copytree(SAMPLE / "filings" / "api", folder / "api")
    count = len(list(folder.glob("*.*")))
    home = tmp_path / "home"
    with monkeypatch.context() as patched:
        for module in ("documents", "folder"):
            patched.setattr(f"pipelines.ingest.{module}.READ_STATE", "read 0")
        import_folder(folder, home, read=read, compute=threads)
    before = contents(home)
    again = import_folder(folder, home, read=read, compute=threads)
    assert again.files["imported"] == count
    assert contents(home) == before
    once_more = import_folder(folder, home, read=read, compute=threads)
    assert "imported" not in once_more.files


def test_a_bad_table_costs_one_table(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(SAMPLE / "market", folder)
    (folder / "prices.parquet").write_bytes(b"PAR1 and then nothing")
    report = import_folder(folder, tmp_path / "home", read=read)
    assert [fault.file for fault in report.faults] == ["prices.parquet"]
    assert report.rows["earnings events"] > 100


def test_a_bad_list_costs_one_list(tmp_path: Path, threads: Compute) -> None:
    folder = tmp_path / "data"
    shutil.copytree(SAMPLE / "filings" / "api", folder)
    (folder / "nse_announcements.json").write_text('[{"symbol": "KAV')
    report = import_folder(folder, tmp_path / "home", read=read, compute=threads)
    assert [fault.file for fault in report.faults] == ["nse_announcements.json"]
    assert report.rows["NSE integrated filings"] > 10


def test_a_folder_of_nothing_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with pytest.raises(NoFolderError):
        import_folder(folder, tmp_path / "home", read=read)
    folder.mkdir()
    (folder / "notes.json").write_text(json.dumps([{"cake": "recipes"}]))
    with pytest.raises(ImportShapeError):
        import_folder(folder, tmp_path / "home", read=read)


def test_a_table_of_other_columns_is_not_taken_for_prices(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    pq.write_table(pa.table({"date": [1], "close": [2.0]}), folder / "prices.parquet")
    with pytest.raises(ImportShapeError, match="Nothing in"):
        import_folder(folder, tmp_path / "home", read=read)


async def test_a_document_is_known_from_its_own_list_row(store: Database) -> None:
    found = await StoreFilings(store).filings("KAVCEM", EVENING, 99)
    assert all(filing.known_at is not None for filing in found)
    by_name = {filing.name: filing.known_at for filing in found}
    inline = next(
        at for name, at in by_name.items() if name.startswith("20250724_1713")
    )
    # The consolidated document came four minutes after the row it is listed in.
    assert inline == datetime(2025, 7, 24, 17, 13, 17, tzinfo=IST)


def test_a_document_nobody_lists_has_no_time_but_a_reason(
    tmp_path: Path, threads: Compute
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(SAMPLE / "filings" / "xbrl" / "KAVCAB", folder)
    report = import_folder(folder, tmp_path / "home", read=read, compute=threads)
    assert len(report.unmatched) == len(list(folder.iterdir()))
    database = Database.open(tmp_path / "home")
    with database.read() as connection:
        rows = connection.execute(sa.select(t.filings)).all()
    database.close()
    assert {row.known_at for row in rows} == {None}
    assert all(row.known_at_reason for row in rows)
    assert {row.symbol for row in rows} == {"KAVCAB"}


async def test_former_tickers_lead_to_the_latest(store: Database) -> None:
    directory = StoreDirectory(store)
    company = await directory.get("HIMHYDRO")
    assert company is not None
    assert (company.symbol, company.isin) == ("HIMPOWER", "INE9ZZF01014")
    figures = await StoreFilings(store).figures("HIMHYDRO", EVENING)
    assert {f.symbol for f in figures} == {"HIMPOWER"}
    assert len([f for f in figures if f.basis is Basis.STANDALONE]) == 12


async def test_the_first_document_dates_the_results(store: Database) -> None:
    filings = StoreFilings(store)
    day = Window(date(2025, 8, 14), date(2025, 8, 14), "14 August")
    found = {e.symbol: e.published_at for e in await filings.reporters(day, EVENING)}
    # Sector 7's PDF came at 08:40, its XBRL at 10:03.
    assert found["SECTOR7"] == datetime(2025, 8, 14, 8, 40, 22, tzinfo=IST)
    assert "NILCAST" not in found


async def test_figures_change_from_row_to_statement_as_time_passes(
    store: Database,
) -> None:
    filings, quarter = StoreFilings(store), Quarter(2026, 1)
    moment = datetime(2025, 8, 14, 9, tzinfo=IST)
    early = await filings.figures("SECTOR7", AsOf(moment, explicit=True))
    (row,) = [f for f in early if f.quarter == quarter.year_ago]
    assert row.grade is Grade.IMPORTED
    assert row.sources["net_profit"].row == "SECTOR7 2024-06-30"
    assert row.sources["net_profit"].url
    (scan,) = [f for f in early if f.quarter == quarter]
    assert scan.grade in {Grade.A, Grade.B}
    assert scan.sources["net_profit"].page
    # Its XBRL contradicts itself and stays in review, so the scan remains the figure.
    after = await filings.figures("SECTOR7", EVENING)
    assert [f for f in after if f.quarter == quarter] == [scan]
    cement = await filings.figures("KAVCEM", EVENING)
    latest = [f for f in cement if f.quarter == quarter]
    assert {f.basis for f in latest} == {Basis.STANDALONE, Basis.CONSOLIDATED}
    assert all(f.grade in {Grade.A, Grade.B} for f in latest)


async def test_an_explicit_moment_sees_no_later_figures(store: Database) -> None:
    filings = StoreFilings(store)
    early = AsOf(datetime(2025, 7, 1, tzinfo=IST), explicit=True)
    for figures in await filings.figures("KAVCEM", early):
        assert figures.known_at is not None
        assert figures.known_at <= early.moment
        assert figures.quarter < Quarter(2026, 1)
    assert await filings.season(Quarter(2026, 1), early) == ()
    assert await filings.latest_quarter(early) == Quarter(2025, 4)


async def test_the_season_holds_who_reported(store: Database) -> None:
    filings = StoreFilings(store)
    assert await filings.latest_quarter(EVENING) == Quarter(2026, 1)
    peers = {p.symbol: p for p in await filings.season(Quarter(2026, 1), EVENING)}
    assert len(peers) == 10
    assert peers["CHINARBANK"].family == "bank"
    assert peers["DHRUVAERO"].profit_growth == pytest.approx(1.17, abs=0.01)
    assert peers["TARANGTEX"].profit_growth is None


async def test_the_coming_meeting_is_expected(store: Database) -> None:
    week = Window(date(2025, 8, 15), date(2025, 8, 22), "next week")
    (meeting,) = await StoreFilings(store).expected(week, EVENING)
    assert (meeting.symbol, meeting.meeting_date) == ("NILCAST", date(2025, 8, 18))
    assert meeting.company == "Nilgiri Castings Limited"


async def test_prices_of_the_split_share_are_comparable(store: Database) -> None:
    prices = ParquetPrices(store)
    eve = AsOf(datetime(2025, 2, 20, 18, tzinfo=IST), explicit=True)
    before = await prices.history("SETUFIN", eve, 500)
    after = await prices.history("SETUFIN", EVENING, 500)
    assert before is not None
    assert after is not None
    assert set(before.factor) == {1.0}
    assert (after.factor[0], after.factor[-1]) == (0.2, 1.0)
    first = after.sessions.index(date(2025, 2, 21))
    gap = after.close[first] / (after.close[first - 1] * after.factor[first - 1])
    assert 0.8 < gap < 1.2


async def test_a_revised_document_is_a_second_version(store: Database) -> None:
    found = await StoreFilings(store).statements(
        "PALASHCHEM", Quarter(2026, 1), EVENING
    )
    alone = [r for r in found if r.statement.basis is Basis.STANDALONE]
    assert [r.version for r in alone] == list(range(1, len(alone) + 1))
    assert len(alone) >= 2
    times = [r.filing.known_at for r in alone]
    assert times == sorted(times)  # type: ignore[type-var]  # every time is known


def test_status_counts_what_is_kept(home: Path) -> None:
    found = status(home)
    assert found["prices"] == {
        "rows": 6000,
        "symbols": 12,
        "from": "2023-08-11",
        "to": "2025-08-14",
        "missing_sessions": [],
    }
    filings = found["filings"]
    assert isinstance(filings, dict)
    assert filings["total"] == sum(filings["by_state"].values())
    assert json.loads(json.dumps(found)) == found


def test_status_of_an_empty_home_says_so(tmp_path: Path) -> None:
    found = status(tmp_path / "nowhere")
    assert found["gaps"]
    assert not (tmp_path / "nowhere").exists()


def test_the_sample_is_imported_once_and_again_when_it_changes(tmp_path: Path) -> None:
    shelf, home = tmp_path / "shelf", tmp_path / "home"
    shutil.copytree(SAMPLE / "market", shelf / "market")
    shutil.copy(SAMPLE / "SAMPLE.json", shelf)
    assert ensure_sample(shelf, home) is not None
    assert ensure_sample(shelf, home) is None
    (shelf / "market" / "announcements.parquet").unlink()
    again = ensure_sample(shelf, home)
    assert again is not None
    assert "announcements" not in again.rows
    assert contents(home / "sample")["news"] == []


def test_a_damaged_sample_home_is_made_again(tmp_path: Path) -> None:
    shelf, home = tmp_path / "shelf", tmp_path / "home"
    shutil.copytree(SAMPLE / "market", shelf / "market")
    shutil.copy(SAMPLE / "SAMPLE.json", shelf)
    (home / "sample").mkdir(parents=True)
    (home / "sample" / "dexter.db").write_bytes(b"not a database" * 99)
    assert ensure_sample(shelf, home) is not None
    assert contents(home / "sample")["figures"]


def test_of_many_first_questions_one_sets_the_sample_up(tmp_path: Path) -> None:
    shelf, home = tmp_path / "shelf", tmp_path / "home"
    shutil.copytree(SAMPLE / "market", shelf / "market")
    shutil.copy(SAMPLE / "SAMPLE.json", shelf)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: ensure_sample(shelf, home), range(4)))
    assert sum(one is not None for one in done) == 1
    assert contents(home / "sample")["figures"]


def test_no_sample_on_the_shelf_is_said(tmp_path: Path) -> None:
    with pytest.raises(ImportShapeError, match="no sample market"):
        ensure_sample(tmp_path, tmp_path / "home")


def test_new_bars_join_the_kept_ones(tmp_path: Path) -> None:
    table = pq.read_table(SAMPLE / "market" / "prices.parquet")
    days = table["date"].to_pylist()
    cut = date(2025, 6, 30)
    home = tmp_path / "home"
    for number, keep in enumerate(([d <= cut for d in days], [d >= cut for d in days])):
        folder = tmp_path / str(number)
        folder.mkdir()
        part = table.filter(pa.array(keep))
        pq.write_table(part, folder / "prices.parquet")
        import_folder(folder, home, read=read)
    assert status(home)["prices"]["rows"] == 6000  # type: ignore[index]  # a JSON dict


async def test_outcome_columns_are_never_kept(store: Database) -> None:
    kept = {
        column.name for table in t.metadata.tables.values() for column in table.columns
    }
    outcomes = {
        "gap_open",
        "ret_1d",
        "ret_3d",
        "uc_3d",
        "post_ret_3d",
        "open1_to_close3",
    }
    assert not kept & outcomes
    with store.read() as connection:
        figure = connection.execute(sa.select(t.figures)).first()
    assert figure is not None
    assert isinstance(figure.net_profit, Decimal)
