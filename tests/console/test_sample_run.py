"""Whole runs on the sample market: proved, dated, replayed, and as they look."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from dexter.console import answer
from dexter.console.saving import as_html, as_markdown
from dexter.domain.evidence import Derivation
from dexter.domain.moment import IST
from dexter.domain.research import JournalHead, Report, ReportStatus, TaskStatus
from dexter.journal import verify
from dexter.llm.offline import OfflineModel
from dexter.orchestrator.publishing import examine
from dexter.orchestrator.references import Sources
from dexter.orchestrator.rendering import render
from dexter.orchestrator.reporting import as_document, as_json
from dexter.orchestrator.run import Question
from dexter.settings import Settings
from pipelines import research
from pipelines.runtime import Desk, open_desk
from pipelines.silent import Silent
from tests.console.snapshots import matches, screen
from tests.homes import lent

RANKING = "Who surprised most between 1 and 14 August 2025?"
QUESTIONS = (
    "How did Kaveri Cables do in the June quarter?",
    "What was Palash Chemicals' standalone net profit in Q1 FY26?",
    "Compare Kaveri Cement and Kaveri Cables for Q1 FY26",
    "How did Tarangini Textiles do in Q1 FY26?",
    RANKING,
)
EARLY = datetime(2025, 8, 8, 12, 0, tzinfo=IST)


@pytest.fixture
def desk(sample_home: Path, tmp_path: Path) -> Iterator[Desk]:
    """A home of its own on the shared sample market."""
    lent(sample_home, tmp_path)
    opened = open_desk(Settings(home=tmp_path), sample=True)
    yield opened
    opened.close()


async def asked(desk: Desk, text: str, as_of: datetime | None = None) -> Report:
    return await research.ask(desk, Question(text, as_of), OfflineModel(), Silent())


@pytest.mark.parametrize("text", QUESTIONS)
async def test_every_number_has_its_address(desk: Desk, text: str) -> None:
    report = await asked(desk, text)

    assert report.status in {ReportStatus.ANSWERED, ReportStatus.PARTIAL}
    assert report.answer.claims
    sources = Sources(report.evidence, {})
    for claim in report.answer.claims:
        for identifier in claim.evidence:
            evidence = report.evidence[identifier]
            assert claim.value == evidence.value
            assert set(evidence.inputs) <= set(report.evidence)
        if claim.evidence:
            assert not any(s.problems for s in examine((claim.text,), sources))
    assert all(check.ok for check in report.checks)


async def test_growth_is_what_its_inputs_give(desk: Desk) -> None:
    report = await asked(desk, QUESTIONS[0])

    grown = [e for e in report.evidence.values() if e.name.endswith("_yoy")]
    assert grown
    for change in grown:
        now, base = (report.evidence[i].value for i in change.inputs)
        assert now is not None
        assert base is not None
        assert change.value is not None
        assert abs((now - base) / base - change.value) < Decimal("0.000001")


@pytest.mark.parametrize("text", QUESTIONS)
async def test_a_replay_is_the_same_byte_for_byte(desk: Desk, text: str) -> None:
    report = await asked(desk, text)

    again = await research.replay(desk.journals, report.run_id, Silent())

    assert as_json(again) == as_json(report)
    found = verify(desk.journals, report.run_id)
    assert found.ok


@pytest.mark.parametrize("text", QUESTIONS)
async def test_nothing_later_than_the_moment_is_seen(desk: Desk, text: str) -> None:
    report = await asked(desk, text, EARLY)

    for evidence in report.evidence.values():
        read = not isinstance(evidence.source, Derivation)
        assert evidence.known_at is None or evidence.known_at <= EARLY
        assert not read or evidence.known_at is not None
    assert all(a.published_at is None or a.published_at <= EARLY for a in report.alerts)


async def test_the_same_question_twice_gives_the_same_evidence(desk: Desk) -> None:
    first, second = await asked(desk, RANKING), await asked(desk, RANKING)

    assert first.evidence == second.evidence
    assert first.answer == second.answer
    assert first.run_id != second.run_id


async def test_a_report_round_trips_through_its_json(desk: Desk) -> None:
    report = await asked(desk, QUESTIONS[1])

    read = TypeAdapter(Report).validate_python(as_document(report))

    assert as_json(read) == as_json(report)


async def test_every_task_has_its_clock_in_order(desk: Desk) -> None:
    report = await asked(desk, QUESTIONS[0])

    ended = {task.id: task for task in report.plan.tasks}
    for task in report.plan.tasks:
        assert task.status is TaskStatus.DONE
        assert task.started is not None
        assert task.finished is not None
        for need in task.depends_on:
            before = ended[need].finished
            assert before is not None
            assert before <= task.finished


async def test_files_show_every_cited_address(desk: Desk) -> None:
    report = await asked(desk, QUESTIONS[0])

    markdown, page = as_markdown(report), as_html(report)

    for identifier in answer.cited(report):
        evidence = report.evidence[identifier]
        assert f"[^{identifier}]: " in markdown
        assert render(evidence, None) in markdown
        assert f'id="{identifier}"' in page


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("Diluted EPS of Kaveri Cables in Q1 FY26", ReportStatus.ANSWERED, "diluted"),
        (
            "Staff cost of Kaveri Cables, Q1 FY26",
            ReportStatus.ANSWERED,
            "employee cost",
        ),
        ("PE ratio of Dhruvtara Aero", ReportStatus.ANSWERED, "“price to earnings”"),
        ("Dhruvaero ka profit kitna badha?", ReportStatus.ANSWERED, "net profit rose"),
        (
            "When did Kaveri Cables announce Q1 FY26?",
            ReportStatus.ANSWERED,
            "public on",
        ),
        ("biggest price reaction this season", ReportStatus.ANSWERED, "price band"),
        ("Kaveri Cables Q2 CY25 net profit", ReportStatus.ANSWERED, "Q1 FY26"),
        ("Kaveri Cables EBITDA and revenue", ReportStatus.PARTIAL, "EBITDA: it is not"),
        ("Kaveri Cables profit in dollars", ReportStatus.PARTIAL, "in rupees only"),
        ("Kaveri Cables gross NPAs", ReportStatus.ABSTAINED, "no such line"),
    ],
)
async def test_what_is_asked_is_answered_or_said_to_be_missing(
    desk: Desk, text: str, status: ReportStatus, said: str
) -> None:
    report = await asked(desk, text)

    assert report.status is status
    assert said in report.answer.markdown


async def test_that_the_data_ends_early_is_said_once(desk: Desk) -> None:
    fresh = await asked(desk, QUESTIONS[0], EARLY)
    late = await asked(desk, QUESTIONS[0], datetime(2025, 10, 1, 12, 0, tzinfo=IST))
    far = await asked(desk, "price target", datetime(2025, 10, 1, 12, 0, tzinfo=IST))

    assert not any("data here ends" in notice for notice in fresh.notices)
    for report in (late, far):
        (said,) = (n for n in report.notices if "data here ends" in n)
        assert "on 14 August 2025, 48 days before" in said


async def test_an_answer_looks_as_it_did(desk: Desk) -> None:
    report = await asked(desk, RANKING)
    still = replace(
        report,
        run_id="20250814-200000-abcdef",
        usage=replace(report.usage, seconds=1.0),
        journal=JournalHead(42, "0" * 64),
    )
    console, out = screen()

    answer.show(still, console)

    assert matches("who_surprised_most", out.getvalue())
