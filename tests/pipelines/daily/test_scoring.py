"""The first telling of results is scored as the backtest scores its event."""

import asyncio
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from dexter.domain.alert import Alert
from dexter.domain.moment import IST
from dexter.domain.period import Quarter, Window
from dexter.operating import Alerting, Operating, Rule
from dexter.settings import Settings
from dexter.store.alerts import AlertLedger
from pipelines import backtest as pipeline
from pipelines import runtime
from pipelines.backtest import Backtest
from pipelines.daily.collecting import World
from pipelines.daily.running import Means, run_days
from pipelines.daily.units import units_of
from pipelines.ingest.report import silent
from pipelines.runtime import REAL, Desk, Market
from registry.predictor import ChampionPredictor
from registry.store import ModelStore
from tests.pipelines.daily.day_scenes import no_reader
from tests.pipelines.making_models import small_model

DAYS = (date(2025, 2, 14), date(2025, 5, 16), date(2025, 8, 1), date(2025, 8, 4))
"""Rows hours before their XBRL, a PDF of the same second as its row, a revision."""
LOUD = Operating(alerts=Alerting(rules=(Rule(name="all", priority="low"),)))


def quiet(*_: object) -> None:
    """Say nothing of how far it is."""


@pytest.fixture(scope="module")
def home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample market, taken for a real one, with a small model in charge."""
    mine = tmp_path_factory.mktemp("scored") / "home"
    shutil.copytree(sample_home / "sample", mine)
    ModelStore(mine / "shelf", mine).register(*small_model())
    return mine


@pytest.fixture
def desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    whole = runtime._open_ports

    def with_small_model(*asked: object) -> dict[str, object]:
        models = ModelStore(home / "shelf", home)
        return {**whole(*asked), "predictor": ChampionPredictor(models)}  # type: ignore[arg-type]  # as asked

    monkeypatch.setattr(runtime, "_open_ports", with_small_model)
    market = Market(REAL, home, fictional=False, earliest=None, latest=None)
    return Desk(Settings(home=home), market)


def test_a_days_alerts_equal_the_backtests(home: Path, desk: Desk) -> None:
    with desk.database() as database:
        world = World(None, no_reader, None, desk.clock.present, silent)  # type: ignore[arg-type]  # never asked
        means = Means(
            desk, database, LOUD, world, {}, None, dry=False, saved=lambda done: done
        )
        firsts = {
            (one.symbol, one.quarter): one.published_at
            for day in DAYS
            for one in units_of(database, day, day)
            if one.first and one.quarter
        }
        done = asyncio.run(run_days(DAYS, means, watch=False))
        ledger = AlertLedger(database)
        kept = [ledger.find(one.id, 1) for one in ledger.records() if one.version == 1]
    desk.close()
    told = {
        (one.alert.symbol, Quarter.parse(one.alert.period)): one.alert
        for one in kept
        if one is not None
    }

    backtest = pipeline.backtest(
        home, Window(DAYS[0], DAYS[-1], "all"), quiet, shelf=home / "shelf"
    )

    rows = {
        (event.symbol, Quarter.containing(event.period_end)): row
        for row, event in enumerate(backtest.events)
        if event.published_at.astimezone(IST).date() in DAYS
    }
    assert firsts.keys() == rows.keys()
    assert len(rows) == 4
    for key, row in rows.items():
        _equal(told[key], backtest, row)
    # The revision of 4 August amended what was told on the 1st.
    assert [len(one.document["alerts"]) for one in done] == [2, 1, 1, 1]


def _equal(alert: Alert, backtest: Backtest, row: int) -> None:
    points = backtest.blockbuster.score[row]
    if np.isnan(points):
        assert alert.blockbuster.score is None
    else:
        assert alert.blockbuster.score is not None
        assert float(alert.blockbuster.score) == pytest.approx(points)
    refusal = backtest.rows.refusal[row]
    if alert.prediction is None:
        assert alert.prediction_reason == refusal
    else:
        assert refusal is None
        ours = float(alert.prediction.probability)
        theirs = backtest.rows.sample.probability[row]
        assert ours == pytest.approx(theirs, abs=5.1e-5)
        assert alert.prediction.confidence is backtest.rows.confidence[row]
    assert alert.published_at == backtest.events[row].published_at
