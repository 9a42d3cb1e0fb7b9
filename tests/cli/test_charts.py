"""The chart that goes with an alert: from the run's own record, or none at all."""

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from dexter.domain.research import Report
from dexter.journal import SqliteJournalStore
from pipelines import charts
from pipelines.charts import chart_of

PNG = b"\x89PNG\r\n\x1a\n"


def chart(kept: Path, report: Report) -> str | None:
    store = SqliteJournalStore(kept / "journal.db")
    return asyncio.run(chart_of(store, kept, report))


def test_it_is_drawn_from_the_record_alone(told: Report, kept: Path) -> None:
    shutil.rmtree(kept / "sample")
    path = chart(kept, told)
    assert path == f"charts/{told.run_id}.png"
    assert (kept / path).read_bytes().startswith(PNG)


def test_without_a_pattern_task_there_is_none(told: Report, kept: Path) -> None:
    tasks = tuple(one for one in told.plan.tasks if one.tool != "vcp")
    bare = replace(told, plan=replace(told.plan, tasks=tasks))
    assert chart(kept, bare) is None


def test_an_alert_never_waits_for_its_picture(told: Report, kept: Path) -> None:
    assert chart(kept, replace(told, run_id="gone")) is None
    (kept / "charts").write_text("in the way", encoding="utf-8")
    assert chart(kept, told) is None


def test_no_fault_in_a_picture_costs_the_alert(
    told: Report, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draw(*_: object) -> None:
        msg = "cannot convert float NaN to integer"
        raise ValueError(msg)

    monkeypatch.setattr(charts, "draw", draw)
    assert chart(kept, told) is None
