"""Answers of a capable model, asked again: same words, same values, checks passed.

How they were recorded, and how to record them again: ``tests/recordings/record.py``.
"""

import json
from pathlib import Path

import pytest

from dexter.domain.research import ReportStatus
from dexter.orchestrator.publishing import examine
from dexter.orchestrator.references import Sources
from dexter.orchestrator.run import Question
from pipelines import research
from pipelines.runtime import Desk
from pipelines.silent import Silent
from tests.llm.recordings import RecordedModel
from tests.recordings.record import FOLDER, REPORT, questions, summary

QUESTIONS = questions()


def recorded(name: str) -> dict[str, object]:
    said: dict[str, object] = json.loads((FOLDER / name / REPORT).read_text("utf-8"))
    return said


def exchanges(name: str) -> list[dict[str, dict[str, object]]]:
    folder: Path = FOLDER / name
    return [
        json.loads(path.read_text("utf-8"))
        for path in sorted(folder.glob("*.json"))
        if path.name != REPORT
    ]


@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_recorded_run_comes_out_as_it_was(name: str, sample_desk: Desk) -> None:
    question = Question(QUESTIONS[name])
    model = RecordedModel(FOLDER / name)
    report = await research.ask(sample_desk, question, model, Silent())
    assert summary(report) == recorded(name)
    sources = Sources(report.evidence, {})
    cited = {c.text for c in report.answer.claims if c.evidence}
    assert [s.problems for s in examine(cited, sources) if s.problems] == []
    # Raises when the record does not give the same report, byte for byte.
    await research.replay(sample_desk.journals, report.run_id, Silent())


def test_what_a_model_got_wrong_was_sent_back() -> None:
    """The recordings hold refusals: of a plan, of tool arguments, of sentences."""
    sent_back = [
        (str(exchange["request"]["agent"]), str(turn))
        for name in QUESTIONS
        for exchange in exchanges(name)
        for turn in _turns(exchange)
    ]
    agents = {agent for agent, _ in sent_back}
    assert agents == {"planner", "action", "synthesis"}
    said = " ".join(text for _, text in sent_back)
    for fault in (
        "year_on_year, which Q1 FY26 against Q4 FY25 is not",
        "cannot take these arguments: limit",
        "There is no tool called 'results_dates'",
        "{{e230}} does not resolve",
        "types digits",
        "“fell” contradicts {{e35}}",
    ):
        assert fault in said


def _turns(exchange: dict[str, dict[str, object]]) -> list[object]:
    history = exchange["request"]["history"]
    return list(history) if isinstance(history, list) else []


def test_none_of_it_is_real_data() -> None:
    """Only the fictional market is recorded."""
    for name in QUESTIONS:
        for exchange in exchanges(name):
            prompt = str(exchange["request"]["prompt"])
            assert exchange["request"]["agent"] != "planner" or (
                "Market: sample" in prompt
            )


def test_every_status_a_run_can_end_in_politely_is_there() -> None:
    statuses = {str(recorded(name)["status"]) for name in QUESTIONS}
    assert statuses >= {ReportStatus.ANSWERED, ReportStatus.ABSTAINED}
