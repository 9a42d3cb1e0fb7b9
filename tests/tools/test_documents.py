"""Calendars, filings, headlines and names: dated, bounded by the moment."""

from datetime import date, timedelta

import pytest

from dexter.domain.evidence import Measure
from dexter.domain.filing import ExpectedResults, Headline, ResultsEvent
from dexter.domain.research import Finding
from dexter.errors import ToolArgumentsError, UnknownCompanyError, UnknownToolError
from dexter.tools.catalogue import toolbox
from tests.tools.fakes import NOW, PUBLISHED, Market
from tests.tools.making import CONSOLIDATED, company, record, results

WINDOW = {"start": "2024-07-01", "end": "2024-07-31"}


def event(symbol: str, days: int) -> ResultsEvent:
    when = PUBLISHED + timedelta(days=days)
    return ResultsEvent(symbol, symbol, date(2024, 6, 30), when, CONSOLIDATED, "feed")


@pytest.fixture
def market() -> Market:
    return Market(
        [company(), company("TCS")],
        events=[event("HCL", 0), event("TCS", 5), event("HCL", 6)],
        meetings=[
            ExpectedResults(
                "TCS", "Tcs Limited", date(2024, 7, 20), "results", PUBLISHED, "feed"
            )
        ],
        documents=[
            record(results("1"), name="old.pdf").filing,
            record(results("1"), name="undated.pdf", known_at=None).filing,
        ],
        news=[
            Headline("HCL", PUBLISHED, "Results", "Board approves results", "feed"),
            Headline("HCL", NOW, "Later", "", "feed"),
        ],
    )


async def called(market: Market, tool: str, **arguments: object) -> Finding:
    as_of = arguments.pop("as_of", None)
    context = market.context(as_of)  # type: ignore[arg-type]  # a moment or none
    return await toolbox().call(tool, arguments, context)


async def test_reporters_come_once_each_in_order_of_publication(market: Market) -> None:
    found = await called(market, "results_calendar", **WINDOW)

    assert found.subjects == ("HCL", "TCS")
    assert found.evidence[0].text == "2024-07-12T18:00:00+05:30"
    assert {e.unit for e in found.evidence} == {Measure.DATE}


async def test_nobody_who_reports_later_is_seen(market: Market) -> None:
    found = await called(
        market, "results_calendar", **WINDOW, as_of=PUBLISHED + timedelta(hours=1)
    )

    assert found.subjects == ("HCL",)


async def test_meetings_ahead(market: Market) -> None:
    found = await called(market, "results_calendar", **WINDOW, status="expected")
    early = await called(
        market,
        "results_calendar",
        **WINDOW,
        status="expected",
        as_of=PUBLISHED - timedelta(days=1),
    )

    assert found.subjects == ("TCS",)
    assert early.subjects == ()
    assert "no board meeting for results is known" in early.absences[0].reason


@pytest.mark.parametrize(
    "window",
    [
        {"start": "2024-07-31", "end": "2024-07-01"},
        {"start": "2020-01-01", "end": "2024-07-01"},
        {"start": "2024-07-01"},
        {"start": "July", "end": "2024-07-01"},
    ],
)
async def test_windows_are_checked(market: Market, window: dict[str, object]) -> None:
    with pytest.raises(ToolArgumentsError):
        await called(market, "results_calendar", **window)


async def test_a_filing_of_unknown_date_is_absent_with_its_reason(
    market: Market,
) -> None:
    found = await called(market, "find_filings", symbol="HCL")
    dated = await called(market, "find_filings", symbol="HCL", as_of=NOW)

    known = {e.source.document: e for e in found.evidence}  # type: ignore[union-attr]
    assert known["old.pdf"].text == "2024-07-12T18:00:00+05:30"
    assert known["undated.pdf"].text is None
    assert known["undated.pdf"].reason == "nobody told us"
    assert len(dated.evidence) == 1


async def test_headlines_are_quoted_evidence(market: Market) -> None:
    window = {"start": "2024-07-01", "end": "2024-08-05"}
    early = PUBLISHED + timedelta(hours=1)

    found = await called(market, "headlines", symbol="HCL", **window)
    before = await called(market, "headlines", symbol="HCL", **window, as_of=early)

    assert [e.text for e in found.evidence] == ["Board approves results", "Later"]
    assert [e.text for e in before.evidence] == ["Board approves results"]


async def test_names_are_found_or_said_not_to_be(market: Market) -> None:
    found = await called(market, "find_company", text="hcl")
    nobody = await called(market, "find_company", text="profit doubled")

    assert found.subjects == ("HCL",)
    assert nobody.absences[0].what == "“profit doubled”"


async def test_faults_of_the_call_are_said_in_words(market: Market) -> None:
    with pytest.raises(UnknownToolError, match="no tool called 'buy'"):
        await called(market, "buy", symbol="HCL")
    with pytest.raises(ToolArgumentsError, match="quarter"):
        await called(market, "read_statement", symbol="HCL", quarter="Q5 FY25")
    with pytest.raises(ToolArgumentsError, match="Extra inputs"):
        await called(market, "read_statement", symbol="HCL", path="/etc/passwd")
    with pytest.raises(UnknownCompanyError):
        await called(market, "read_statement", symbol="NOBODY")


def test_every_tool_says_what_it_takes() -> None:
    for tool in toolbox().tools:
        spec = tool.spec()
        assert spec.description
        assert spec.schema["type"] == "object"
        assert spec.schema.get("additionalProperties") is False
