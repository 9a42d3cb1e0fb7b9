"""A model over the sample market's dated results: what a question would have heard."""

import json
import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import TypeAdapter

from dexter.domain.alert import Priority
from dexter.domain.moment import IST, AsOf
from dexter.domain.period import Quarter, Window
from dexter.errors import CommandError, PredictorError, UnsavableError
from dexter.features.moments import day_number
from dexter.ml.backtesting import summarise
from dexter.store.database import Database
from dexter.store.directory import StoreDirectory
from dexter.store.filings import StoreFilings
from dexter.store.news import StoreNews
from dexter.store.prices import ParquetPrices
from dexter.tools.alert import priority
from dexter.tools.base import ToolContext
from dexter.tools.events import EventQuestion
from dexter.tools.scores import blockbuster, predict
from pipelines import backtest as pipeline
from pipelines.backtest import Backtest, ForeignLabelError, NoEventsError
from pipelines.backtest_table import check_path, save, table_of
from pipelines.commands import backtesting
from pipelines.commands.backtesting import Wishes
from pipelines.commands.shapes import BacktestDocument, BacktestRow
from registry.manifest import Bounds
from registry.predictor import ChampionPredictor
from registry.scoring import ScoringModel
from registry.store import ModelStore
from tests.pipelines.making_models import small_model
from tests.tools.fakes import Market

FIRST, LAST = date(2024, 4, 1), date(2025, 8, 14)
WHOLE = Window(FIRST, LAST, "all")
CONTRACT = (
    "symbol",
    "published_at",
    "period_end",
    "basis",
    "session0",
    "known_features",
    "probability",
    "probability_raw",
    "prediction_label",
    "model_version",
    "features_hash",
    "blockbuster",
    "outcome",
    "outcome_known_at",
)


def quiet(stage: str, done: int, total: int) -> None:
    assert done >= 0, (stage, total)


@pytest.fixture(scope="module")
def home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample market with a model of its own in charge."""
    mine = tmp_path_factory.mktemp("backtest") / "home"
    shutil.copytree(sample_home / "sample", mine)
    store(mine).register(*small_model())
    return mine


def store(home: Path) -> ModelStore:
    return ModelStore(home / "shelf", home)


def run(home: Path, window: Window = WHOLE, version: str | None = None) -> Backtest:
    return pipeline.backtest(home, window, quiet, shelf=home / "shelf", version=version)


@pytest.fixture(scope="module")
def done(home: Path) -> Backtest:
    return run(home)


def test_every_event_of_the_range_is_a_row_in_order(home: Path, done: Backtest) -> None:
    moments = [event.published_at for event in done.events]
    assert moments == sorted(moments)
    assert all(FIRST <= moment.date() <= LAST for moment in moments)
    with Database.open(home).read() as connection:
        kept = connection.exec_driver_sql(
            "SELECT count(*) FROM events WHERE published_at >= '2024-04-01'"
        ).scalar()
    assert len(done.events) == kept == 70
    assert 10 < done.summary.scored <= 70
    assert done.summary.scored + sum(n for _, n in done.summary.refused) == 70


async def test_it_says_what_the_tools_say_of_every_event(
    home: Path, done: Backtest
) -> None:
    """Refusals word for word; the same score, confidence, interval and priority."""
    database = Database.open(home)
    context = Market([]).context()
    runtime = replace(
        context.runtime,
        fictional=False,
        filings=StoreFilings(database),
        directory=StoreDirectory(database),
        prices=ParquetPrices(database),
        news=StoreNews(database),
        predictor=ChampionPredictor(store(home)),
    )
    later = AsOf(datetime(2025, 8, 14, 20, tzinfo=IST), explicit=True)
    context = ToolContext(runtime, later, {})
    for row, event in enumerate(done.events):
        quarter = str(Quarter.containing(event.period_end))
        asked = EventQuestion(symbol=event.symbol, quarter=quarter)
        said = await predict(asked, context)
        reasons = [absence.reason for absence in said.absences]
        assert [why for why in [done.rows.refusal[row]] if why] == reasons
        if said.prediction is not None:
            ours = done.rows.sample.probability[row]
            assert float(said.prediction.probability) == pytest.approx(ours, abs=5.1e-5)
            assert said.prediction.confidence is done.rows.confidence[row]
            theirs = [float(bound) for bound in said.prediction.interval]
            assert theirs == pytest.approx(done.interval[row], abs=5.1e-5)
        score = (await blockbuster(asked, context)).blockbuster
        assert score is not None
        points = done.blockbuster.score[row]
        assert score.score == (None if np.isnan(points) else pytest.approx(points))
        assert float(score.coverage) == done.blockbuster.coverage[row]
        assert priority(score, said.prediction) is done.rows.priority[row]


def test_rows_scored_together_and_alone_have_one_probability(
    home: Path, done: Backtest
) -> None:
    model = ScoringModel(store(home).champion())
    for row in np.flatnonzero(done.rows.scored):
        alone = model.probabilities(done.inputs[row : row + 1])[0]
        assert alone == pytest.approx(done.rows.sample.probability[row], abs=1e-12)


def test_what_comes_later_changes_no_row(home: Path, done: Backtest) -> None:
    early = run(home, Window(FIRST, date(2024, 8, 31), "early"))
    before, after = table_of(early), table_of(done)
    assert before.equals(after.slice(0, len(before)))


def test_outcomes_are_not_known_before_their_window_is_over(done: Backtest) -> None:
    table = table_of(done).to_pylist()
    known = [row for row in table if row["outcome"] is not None]
    assert known
    for row in known:
        assert row["outcome_known_at"] > row["published_at"]
        assert row["outcome_known_at"].date() > row["session0"]
    last = [row for row in table if row["published_at"].date() > date(2025, 8, 12)]
    for row in last:
        assert row["outcome"] is row["outcome_known_at"] is None
        assert row["outcome_reason"] == "the window is not over"


def test_the_file_has_the_columns_of_the_contract(
    done: Backtest, tmp_path: Path
) -> None:
    path = tmp_path / "rows.parquet"
    save(done, path)
    table = pq.read_table(path)
    assert tuple(table.column_names)[: len(CONTRACT)] == CONTRACT
    assert table.schema.field("published_at").type == pa.timestamp(
        "us", tz="Asia/Kolkata"
    )
    rows = table.to_pylist()
    assert len(rows) == len(done.events)
    for row, event in zip(rows, done.events, strict=True):
        assert (row["symbol"], row["published_at"]) == (
            event.symbol,
            event.published_at,
        )
        assert (row["probability"] is None) == (row["probability_reason"] is not None)
        assert (row["confidence"] is None) == (row["probability"] is None)
        assert row["outcome"] in {0, 1, None}
        assert (row["outcome"] is None) == (row["outcome_reason"] is not None)
        assert (row["net_return"] is None) == (row["net_return_reason"] is not None)
        assert row["priority"] in set(Priority)
        assert 0 <= row["known_features"] <= 4
        assert len(row["features_hash"]) == 64
        if row["interval"]:
            low, high = row["interval"]
            assert low <= row["probability"] <= high
    again = tmp_path / "again.parquet"
    save(done, again)
    assert again.read_bytes() == path.read_bytes()
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "again.parquet",
        "rows.parquet",
    ]


def test_a_file_that_cannot_be_written_is_refused(
    done: Backtest, tmp_path: Path
) -> None:
    (tmp_path / "there.parquet").mkdir()
    with pytest.raises(UnsavableError):
        save(done, tmp_path / "there.parquet")
    assert [one.name for one in tmp_path.iterdir()] == ["there.parquet"]
    for name in ("rows.csv", "nowhere/rows.parquet"):
        with pytest.raises(UnsavableError):
            check_path(tmp_path / name)


def test_features_hash_tells_inputs_apart(done: Backtest) -> None:
    hashes = table_of(done)["features_hash"].to_pylist()
    known = np.flatnonzero(np.isfinite(done.inputs).sum(axis=1))
    told = [hashes[row] for row in known]
    assert len(set(told)) == len(told)


def test_what_the_model_may_have_learned_from_is_said(done: Backtest) -> None:
    early = sum(e.published_at.date() <= date(2024, 6, 30) for e in done.events)
    assert done.summary.in_sample == early > 0
    assert done.summary == summarise(done.rows, done.summary.model)
    day = day_number(done.events[0].published_at.date())
    assert done.rows.published_day[0] == day


def test_another_catalogue_is_refused_row_by_row(home: Path) -> None:
    made, files = small_model(
        version="other-1",
        catalogue_hash="another",
        inputs=("log_turnover_20", "volatility_60", "revenue_yoy", "sue", "gone"),
    )
    store(home).register(made, files)
    found = run(home, version="other-1")
    assert found.summary.scored == 0
    ((reason, many),) = found.summary.refused
    assert "of catalogue" in reason
    assert many == len(found.events)


def test_a_range_without_results_ends_in_a_sentence(home: Path) -> None:
    with pytest.raises(NoEventsError, match="No dated results") as refused:
        run(home, Window(date(2010, 1, 1), date(2010, 2, 1), "early"))
    assert refused.value.exit_code == 3
    with pytest.raises(PredictorError, match="no model 'nobody'"):
        run(home, version="nobody")


def test_a_model_of_something_else_is_refused(home: Path) -> None:
    store(home).register(*small_model(version="rain-1", label="rain"))
    with pytest.raises(ForeignLabelError, match="'rain'"):
        run(home, version="rain-1")


def test_the_command_prints_one_document(
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DEXTER_HOME", str(home))
    out = tmp_path / "rows.parquet"
    wishes = Wishes(FIRST, LAST, version="small-1", out=out, json=True)
    assert backtesting.backtest(wishes) == 0
    told = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert (told["from"], told["to"]) == ("2024-04-01", "2025-08-14")
    assert told["model_version"] == "small-1"
    assert told["events"] == 70
    assert told["scored"] + sum(one["events"] for one in told["refused"]) == 70
    assert "flatters" in told["warnings"][0]
    assert {one["kind"] for one in told["groups"]} == {"all", "priority", "confidence"}
    assert pq.read_metadata(out).num_rows == 70
    adapter = TypeAdapter(BacktestDocument)
    read = adapter.validate_python(told)
    assert adapter.dump_python(read, mode="json", by_alias=True) == told


def test_a_row_is_as_its_schema_says(done: Backtest) -> None:
    shape = TypeAdapter(BacktestRow)
    for row in table_of(done).to_pylist():
        read = shape.validate_python(row)
        assert set(row) == set(shape.dump_python(read))


def test_the_command_shows_it_to_people(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEXTER_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "200")
    assert backtesting.backtest(Wishes(FIRST, LAST)) == 0
    told = capsys.readouterr().out
    for words in ("in sample", "priority high", "no probability", "Edge is not"):
        assert words in told
    with pytest.raises(CommandError, match="lies before"):
        backtesting.backtest(Wishes(LAST, FIRST))


def test_a_model_that_refuses_everything_ends_with_3(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEXTER_HOME", str(home))
    strict = Bounds(
        threshold=0.3, medium_from=0.2, minimum_coverage=0.5, minimum_turnover=12.0
    )
    store(home).register(*small_model(version="strict-1", bounds=strict))
    assert backtesting.backtest(Wishes(FIRST, LAST, version="strict-1")) == 3
    assert "not measured" in capsys.readouterr().out
