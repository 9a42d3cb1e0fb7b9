"""Whole runs through the provider adapters, on the sample market, on loopback.

A mind answers that knows only the request. The evidence must be what the offline model
finds with the same plan; what goes wrong at a provider ends in an answered run or in a
failure with a name; and every record gives its report again with the server gone.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from pydantic import SecretStr

from dexter.domain.research import Report, ReportStatus
from dexter.domain.run import RunStatus
from dexter.errors import (
    DexterError,
    ModelBusyError,
    ModelKeyError,
    ModelRefusalError,
    ModelTruncatedError,
    PlanError,
)
from dexter.journal import verify
from dexter.llm.offline import OfflineModel
from dexter.llm.retry import RetryPolicy
from dexter.llm.throttle import Throttle
from dexter.orchestrator.reporting import as_json
from dexter.orchestrator.run import Question
from dexter.ports import LanguageModel
from dexter.settings import Settings
from pipelines import research
from pipelines.runtime import Desk, open_desk
from pipelines.silent import Silent
from tests.llm.line import APIS, KEY, Waits, make
from tests.llm.loopback import (
    OVERLOADED,
    Broken,
    Fault,
    Instead,
    Loopback,
    Refused,
    busy,
)
from tests.llm.mind import mind
from tests.llm.wires import Call, Reply

RESULTS = "How did Kaveri Cables do in Q1 FY26 against last year?"
SURPRISES = "Who surprised most between 1 and 14 August 2025?"
FIGURE = "What was Palash Chemicals' standalone net profit in Q1 FY26?"
OTHER_BASIS = "What was Tarangini Textiles' consolidated net profit in Q1 FY26?"
DOCUMENTS = "When did each document of Sector 7 Foods become public?"
CUT_PLAN = Instead(Reply('{"understood_as": "The plan is', stop="end"))
TOO_LONG = Instead(Reply('{"understood_as": "The plan is', stop="max_tokens"))
DECLINED = Instead(Reply("I would rather not.", stop="refusal"))


@pytest.fixture(params=APIS)
def api(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass
class Phone:
    """A model of one API on a line to its own mind."""

    server: Loopback
    model: LanguageModel
    waits: Waits


Dial = Callable[[Iterable[Fault]], Phone]


@pytest.fixture
def dial(api: str) -> Iterator[Dial]:
    with ExitStack() as servers:

        def call(faults: Iterable[Fault] = ()) -> Phone:
            server = servers.enter_context(Loopback(mind, faults))
            waits = Waits()
            policy = RetryPolicy(sleep=waits)
            model = make(api, server.url, policy, Throttle(calls=1000))
            return Phone(server, model, waits)

        yield call


async def asked(desk: Desk, question: str, model: LanguageModel) -> Report:
    return await research.ask(desk, Question(question), model, Silent())


async def replayed(desk: Desk, report: Report) -> None:
    """The record is whole, and gives the same report byte for byte."""
    head = desk.kept_head(report.run_id)
    assert verify(desk.journals, report.run_id, head).ok
    again = await research.replay(desk.journals, report.run_id, Silent())
    assert as_json(again) == as_json(report)


def found(report: Report) -> dict[str, tuple[object, ...]]:
    """The evidence by its published id."""
    return {
        name: (e.name, e.symbol, e.period, e.basis, e.value, e.text, e.known_at)
        for name, e in report.evidence.items()
    }


@pytest.mark.parametrize("question", [RESULTS, SURPRISES, FIGURE, OTHER_BASIS])
async def test_the_same_plan_finds_the_same_evidence_as_offline(
    question: str, dial: Dial, sample_desk: Desk
) -> None:
    phone = dial(())
    report = await asked(sample_desk, question, phone.model)
    offline = await asked(sample_desk, question, OfflineModel())
    assert found(report) == found(offline)
    assert found(report)
    assert report.status is offline.status
    assert [t.tool for t in report.plan.tasks] == [t.tool for t in offline.plan.tasks]
    assert any(claim.value is not None for claim in report.answer.claims)
    assert report.usage.model_calls == len(phone.server.asked)
    phone.server.stop()
    await replayed(sample_desk, report)


async def test_an_open_goal_is_pursued_with_tools(
    dial: Dial, sample_desk: Desk
) -> None:
    report = await asked(sample_desk, DOCUMENTS, dial(()).model)
    assert report.status is ReportStatus.ANSWERED
    assert {e.name for e in report.evidence.values()} == {"filing"}
    assert report.answer.claims


PASSING: dict[str, tuple[list[Fault], list[float]]] = {
    "busy, then heard": ([busy("2")], [2.0]),
    "overloaded": ([OVERLOADED], []),
    "cut stream": ([Broken("cut")], []),
    "torn stream": ([None, Broken("torn")], []),
    "dropped while writing": ([None, None, Broken("dropped")], []),
    "truncated JSON once": ([CUT_PLAN], []),
    "an empty reply once": ([Instead(Reply())], []),
    "validation says nothing of use": ([None, CUT_PLAN, CUT_PLAN], []),
    "validation is declined": ([None, DECLINED], []),
    "writing is cut once": ([None, None, CUT_PLAN], []),
}


@pytest.mark.parametrize("name", PASSING)
async def test_what_passes_ends_in_an_answer(
    name: str, dial: Dial, sample_desk: Desk
) -> None:
    faults, waits = PASSING[name]
    phone = dial(faults)
    report = await asked(sample_desk, FIGURE, phone.model)
    assert report.status is ReportStatus.ANSWERED
    assert "27.83 crore" in report.answer.markdown
    assert phone.server.faults == []
    assert phone.waits.seconds[: len(waits)] == waits
    phone.server.stop()
    await replayed(sample_desk, report)


ENDING: dict[str, tuple[list[Fault], type[DexterError]]] = {
    "a key nobody knows": ([Refused(401, "authentication_error")], ModelKeyError),
    "busy for good": ([OVERLOADED] * 4, ModelBusyError),
    "declined": ([DECLINED], ModelRefusalError),
    "longer than allowed": ([TOO_LONG], ModelTruncatedError),
    "no JSON twice": ([CUT_PLAN, CUT_PLAN], PlanError),
}


@pytest.mark.parametrize("name", ENDING)
async def test_a_planner_that_fails_ends_the_run_by_name(
    name: str, dial: Dial, sample_desk: Desk
) -> None:
    faults, kind = ENDING[name]
    phone = dial(faults)
    with pytest.raises(kind) as caught:
        await asked(sample_desk, FIGURE, phone.model)
    error = caught.value
    assert error.sentence.endswith(".")
    assert "\n" not in error.sentence
    assert KEY not in f"{error.sentence} {error.hint}"
    assert phone.server.faults == []
    run_id = error.run_id
    assert run_id is not None
    assert verify(sample_desk.journals, run_id).ok
    runs = {run.run_id: run for run in sample_desk.journals.runs()}
    assert runs[run_id].status is RunStatus.FAILED


GONE = Refused(503, "overloaded_error")


@pytest.mark.parametrize("fault", [GONE, DECLINED, TOO_LONG], ids=str)
async def test_a_writer_that_fails_keeps_what_was_found(
    fault: Fault, dial: Dial, sample_desk: Desk
) -> None:
    phone = dial([None, None, *[fault] * (4 if fault is GONE else 1)])
    report = await asked(sample_desk, RESULTS, phone.model)
    assert report.status is ReportStatus.PARTIAL
    assert report.reason
    assert report.answer.markdown == ""
    assert report.evidence
    assert report.alerts
    phone.server.stop()
    await replayed(sample_desk, report)


MENDED: dict[str, Call] = {
    "malformed arguments": Call("find_filings", '{"symbol": "SECTOR7", '),
    "arguments that do not fit": Call("find_filings", {"symbol": "SECTOR7", "n": 1}),
    "a tool nobody offers": Call("send_alert", {"symbol": "SECTOR7"}),
    "a tool of another agent": Call("rank", {"of": "t1", "by": "sue"}),
}


@pytest.mark.parametrize("name", MENDED)
async def test_a_call_that_cannot_be_made_is_mended(
    name: str, dial: Dial, sample_desk: Desk
) -> None:
    phone = dial([None, Instead(Reply(calls=(MENDED[name],)))])
    report = await asked(sample_desk, DOCUMENTS, phone.model)
    assert report.status is ReportStatus.ANSWERED
    assert report.evidence
    assert report.usage.model_calls == 6
    await replayed(sample_desk, report)


async def test_a_wrong_sentence_is_sent_back_and_then_dropped(
    dial: Dial, sample_desk: Desk
) -> None:
    good = '{"text": "The net profit of {{e16.company}} was {{e16}}."}'
    bad = '{"text": "Net profit rose to 28 crore."}'
    draft = Instead(Reply(f'{{"sentences": [{good}, {bad}]}}'))
    phone = dial([None, None, draft, draft])
    report = await asked(sample_desk, FIGURE, phone.model)
    assert report.status is ReportStatus.PARTIAL
    assert report.answer.markdown.count("27.83 crore") == 1
    assert "28" not in report.answer.markdown.replace("27.83", "")
    assert "were refused" in str(phone.server.asked[3].body)
    assert "were refused" not in str(phone.server.asked[2].body)
    await replayed(sample_desk, report)


@pytest.mark.parametrize("spec", ["anthropic:claude-sonnet-5-5", "openai:local"])
async def test_as_the_terminal_wires_it_with_prices_and_ceilings(
    spec: str, sample_desk: Desk
) -> None:
    home = sample_desk.settings.home
    with Loopback(mind) as server:
        settings = Settings(
            home=home,
            anthropic_api_key=SecretStr(KEY),
            anthropic_base_url=server.url,
            openai_api_key=SecretStr(KEY),
            openai_base_url=f"{server.url}/v1",
        )
        desk = open_desk(settings, sample=True)
        report = await asked(desk, FIGURE, desk.model(spec))
        desk.close()
    assert report.model == spec
    assert report.status is ReportStatus.ANSWERED
    assert report.usage.input_tokens > 1000
    assert KEY not in as_json(report)
    assert KEY.encode() not in (home / "journal.db").read_bytes()
