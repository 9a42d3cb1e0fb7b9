"""``revised``: results scored as a later document tells them, as of that document."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from dexter.domain.research import Finding
from dexter.tools.alert import TOOL
from dexter.tools.catalogue import toolbox
from dexter.tools.events import EventQuestion
from tests.tools.fakes import PUBLISHED, Market
from tests.tools.making import STANDALONE, bars, outcome, row
from tests.tools.test_scores import market, peers
from tests.tools.test_surprise import history

LATER = PUBLISHED + timedelta(days=3)
TOOLS = ("blockbuster_score", "predict", "vcp", "compute_features")


def revised(profit: str = "50") -> Market:
    """Results of 12 July that a document of 15 July revises."""
    again = row(
        "Q1 FY25", profit, basis=STANDALONE, published_at=PUBLISHED, known_at=LATER
    )
    there = market(rows=[*history(basis=STANDALONE), again])
    there.asked_as_of.clear()
    return there


async def asked(
    there: Market, tool: str, *, later: bool, **arguments: object
) -> Finding:
    context = there.context(LATER if later else PUBLISHED)
    given = {"symbol": "HCL", "quarter": "Q1 FY25", **arguments}
    return await toolbox().call(tool, given, context)


@pytest.mark.parametrize("tool", TOOLS)
async def test_all_of_it_is_as_of_the_later_document(tool: str) -> None:
    there = revised()

    await asked(there, tool, later=True, revised=True)

    assert {one.moment for one in there.asked_as_of} == {LATER}
    assert all(one.explicit for one in there.asked_as_of)


@pytest.mark.parametrize("tool", TOOLS)
async def test_without_it_the_event_is_the_first_publication(tool: str) -> None:
    there = revised()

    then = await asked(there, tool, later=False)
    now = await asked(there, tool, later=True)

    assert {one.moment for one in there.asked_as_of} == {PUBLISHED}
    assert then == now


async def test_the_score_is_of_the_revised_figures() -> None:
    first = await asked(revised(), "blockbuster_score", later=True)
    second = await asked(revised(), "blockbuster_score", later=True, revised=True)

    assert profit_of(first) != profit_of(second) == Decimal(50) * 10**7
    assert first.blockbuster is not None
    assert second.blockbuster is not None
    assert second.blockbuster.score is not None
    assert first.blockbuster.score is not None
    assert second.blockbuster.score < first.blockbuster.score


def profit_of(found: Finding) -> Decimal | None:
    return next(
        e.value
        for e in found.evidence
        if (e.name, e.period) == ("net_profit", "Q1 FY25")
    )


async def test_nothing_published_after_it_is_seen() -> None:
    there = revised()
    there.peers = [
        replace(one, published_at=LATER + timedelta(seconds=1)) for one in peers(40)
    ]

    found = await asked(there, "blockbuster_score", later=True, revised=True)

    assert found.blockbuster is not None
    assert found.blockbuster.score is None


async def test_bars_up_to_it_are_seen() -> None:
    """PUBLISHED is a Friday evening; the session of Monday is known on that evening."""
    rise = bars([*[100.0] * 290, 210.0], date(2024, 7, 15))
    there = revised()
    there.histories = [rise]

    found = await asked(there, "compute_features", later=True, revised=True)
    first = await asked(there, "compute_features", later=True)

    means = [
        next(e for e in one.evidence if e.name == "sma_50") for one in (found, first)
    ]
    assert [one.value for one in means] == [Decimal("102.2"), Decimal(100)]
    assert [one.known_at for one in means] == [LATER, PUBLISHED]


async def test_the_alert_says_so_and_keeps_its_id() -> None:
    there = revised()
    needs = {"a": (outcome("a", "predict", Finding(prediction=there.prediction)),)}

    later = there.context(LATER, **needs)
    question = EventQuestion(symbol="HCL", quarter="Q1 FY25", revised=True)
    (amended,) = (await TOOL.run(question, later)).alerts
    first = there.context(PUBLISHED, **needs)
    (original,) = (
        await TOOL.run(EventQuestion(symbol="HCL", quarter="Q1 FY25"), first)
    ).alerts

    assert amended.id == original.id
    assert (original.published_at, amended.published_at) == (PUBLISHED, LATER)
    assert amended.reasons[-1].startswith(
        "scored as of a later document of the quarter"
    )
    assert amended.reasons[:-1] == original.reasons


async def test_a_probability_in_sample_is_warned_of() -> None:
    there = revised()
    assert (await asked(there, "predict", later=False)).warnings == ()
    assert there.prediction is not None
    there.prediction = replace(there.prediction, in_sample=True)
    (warning,) = (await asked(there, "predict", later=False)).warnings
    assert warning.startswith("The probability of ")
    assert "in sample: its model was trained on results of that time" in warning


async def test_of_an_unknown_publication_nothing_is_scored() -> None:
    there = revised()
    there.rows = [
        replace(one, published_at=None) if str(one.quarter) == "Q1 FY25" else one
        for one in there.rows
    ]

    found = await asked(there, "predict", later=True, revised=True)

    (absence,) = found.absences
    assert absence.reason == "the publication time of the Q1 FY25 results is unknown"
