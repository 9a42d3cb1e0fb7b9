"""What the product is for, on real filings and real prices; minutes, so slow."""

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dexter.domain.research import Report, ReportStatus, TaskStatus
from dexter.journal import verify
from dexter.llm.offline import OfflineModel
from dexter.orchestrator.run import Question
from dexter.settings import Settings
from pipelines.research import ask, moment_from, replay
from pipelines.runtime import Desk, open_desk
from pipelines.silent import Silent

pytestmark = [pytest.mark.slow, pytest.mark.real]

HCL = "How did HCL Technologies do in Q1 FY25 against the same quarter last year?"
CRORE = Decimal(10_000_000)


@pytest.fixture(scope="module")
def desk(real_home: Path) -> Iterator[Desk]:
    opened = open_desk(Settings(home=real_home))
    assert not opened.market.fictional
    yield opened
    opened.close()


def asked(desk: Desk, text: str, as_of: str) -> Report:
    question = Question(text, moment_from(as_of))
    return asyncio.run(ask(desk, question, OfflineModel(), Silent()))


def truth(shared: Path) -> dict[str, Any]:
    rows = (shared / "data" / "filings" / "truth.jsonl").read_text().splitlines()
    found = [json.loads(row, parse_float=Decimal, parse_int=Decimal) for row in rows]
    return next(
        row
        for row in found
        if "HCLTECH_20240630" in row["file"] and row["basis"] == "consolidated"
    )


def test_the_quarter_is_answered_as_the_hand_read_truth_has_it(
    desk: Desk, shared: Path
) -> None:
    report = asked(desk, HCL, "2024-07-13T09:00")
    assert report.status is ReportStatus.ANSWERED
    expected = truth(shared)
    said = {
        (e.name, e.period): e.value / CRORE
        for e in report.evidence.values()
        if e.value is not None and e.unit == "rupees" and e.basis == "consolidated"
    }
    for column, quarter in (
        ("current", "Q1 FY25"),
        ("same_quarter_last_year", "Q1 FY24"),
    ):
        for item in ("revenue_from_operations", "net_profit", "profit_before_tax"):
            assert said[item, quarter] == expected[column][item]
    for claim in report.answer.claims:
        assert claim.value == report.evidence[claim.evidence[0]].value
    late = [
        e for e in report.evidence.values() if e.known_at and e.known_at > report.as_of
    ]
    assert late == []
    assert_holds(desk, report)


def test_before_publication_the_quarter_is_not_known(desk: Desk) -> None:
    report = asked(desk, HCL, "2024-07-01")
    assert report.status is not ReportStatus.ANSWERED
    assert not any(e.period == "Q1 FY25" for e in report.evidence.values())
    assert_holds(desk, report)


def test_a_run_over_more_than_127_companies_loses_none(desk: Desk) -> None:
    report = asked(desk, "Who surprised most on 12 November 2024?", "2024-11-13")
    repeats = [t for t in report.plan.tasks if "." in t.id]
    assert len(repeats) >= 127
    assert all(task.status is TaskStatus.DONE for task in repeats)
    named = {e.symbol for e in report.evidence.values()}
    absent = " ".join(a.what for a in report.absences)
    companies = [str(task.arguments["symbol"]) for task in repeats]
    lost = [c for c in companies if c not in named and "results of" not in absent]
    assert lost == []
    assert_holds(desk, report)


def assert_holds(desk: Desk, report: Report) -> None:
    head = desk.kept_head(report.run_id)
    assert head == report.journal
    assert verify(desk.journals, report.run_id, head).ok
    again = asyncio.run(replay(desk.journals, report.run_id, Silent()))
    assert again == report
    assert isinstance(again.as_of, datetime)
