"""A real season's days: what was alerted is what the backtest would have sent."""

import asyncio
import shutil
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from dexter.domain.alert import Alert
from dexter.domain.daily import FilingState
from dexter.domain.period import Window
from dexter.extraction.document import read
from dexter.operating import Operating
from dexter.settings import Settings
from dexter.store.alerts import AlertLedger
from dexter.store.days import DayBook
from pipelines.backtest import backtest
from pipelines.compute import opened
from pipelines.daily.collecting import World
from pipelines.daily.running import Means, run_days
from pipelines.ingest.report import silent
from pipelines.runtime import open_desk

pytestmark = [pytest.mark.slow, pytest.mark.real]

SESSIONS = [
    date(2025, 5, day)
    for day in (2, *range(5, 10), *range(12, 17), *range(19, 24), *range(26, 30))
]
LOUD = {"high", "medium"}


def ran(home: Path, days: list[date]) -> None:
    """Work through days of a home, asking no source and telling nobody."""

    async def run() -> None:
        desk = open_desk(Settings(home=home))
        async with AsyncExitStack() as stack:
            stack.callback(desk.close)
            compute = stack.enter_context(opened(1))
            database = stack.enter_context(desk.database())
            world = World(None, read, compute, desk.clock.present, silent)
            means = Means(
                desk=desk,
                database=database,
                operating=Operating(),
                world=world,
                channels={},
                model=None,
                dry=False,
                saved=lambda _: None,
            )
            await run_days(days, means, watch=False)

    asyncio.run(run())


def said(home: Path, days: list[date]) -> tuple[Mapping[tuple[str, date], Alert], int]:
    """Alerts by company and quarter, and how many filings there were."""
    desk = open_desk(Settings(home=home))
    alerts, filings = {}, 0
    with desk.database() as database:
        ledger = AlertLedger(database)
        for day in days:
            for one in DayBook(database).filings(day):
                filings += 1
                assert one.state in {
                    FilingState.ALERTED,
                    FilingState.NO_ALERT,
                    FilingState.NO_DOCUMENT,
                }, one
                if one.state is FilingState.ALERTED and one.alert_id:
                    kept = ledger.find(one.alert_id)
                    assert kept is not None
                    key = kept.record.symbol, kept.record.period_end
                    alerts[key] = kept.alert
    desk.close()
    return alerts, filings


def test_alerts_are_those_of_the_backtest(market_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(market_home, home)
    ran(home, SESSIONS)
    alerts, filings = said(home, SESSIONS)
    window = Window(SESSIONS[0], SESSIONS[-1], "the season")
    done = backtest(home, window, silent_stage, shelf=Settings().shelf / "models")
    days = set(SESSIONS)
    expected = {}
    for row, event in enumerate(done.events):
        if event.published_at.date() not in days:
            continue
        if done.rows.priority[row].value in LOUD:
            expected[event.symbol, event.period_end] = row
    assert filings > 1_000
    assert len(expected) > 100
    assert set(alerts) == set(expected)
    for key, row in expected.items():
        alert, sample = alerts[key], done.rows.sample
        assert alert.priority is done.rows.priority[row]
        chance = sample.probability[row]
        assert (alert.prediction is None) == bool(np.isnan(chance))
        if alert.prediction is not None:
            assert abs(float(alert.prediction.probability) - chance) < 5e-5
        score = done.blockbuster.score[row]
        assert (alert.blockbuster.score is None) == bool(np.isnan(score))
        if alert.blockbuster.score is not None:
            assert abs(float(alert.blockbuster.score) - score) < 0.051


def silent_stage(stage: str, done: int, total: int) -> None:
    """Nobody looks on."""
