"""price_history: the close before results, the first after, as far as is visible."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from dexter.domain.market import PriceHistory
from dexter.domain.research import Finding
from dexter.tools.prices import _SAID, TOOL, PriceQuestion, circuit
from tests.tools.fakes import NOW, Market
from tests.tools.making import STANDALONE, at, bars, company, row

FRIDAY = date(2024, 7, 12)
CLOSES = [100.0, 101.0, 102.0, 103.0, 110.0, 108.0, 121.0, 120.0]
LAST = date(2024, 7, 17)


def market(history: PriceHistory | None, published: int = 18) -> Market:
    """Results on Friday 12 July; bars to Wednesday 17 July."""
    when = at(FRIDAY, published)
    rows = [row("Q1 FY25", "120", published_at=when)]
    return Market([company()], rows=rows, histories=[history] if history else [])


async def asked(there: Market, **arguments: object) -> Finding:
    as_of = arguments.pop("as_of", None)
    context = there.context(as_of)  # type: ignore[arg-type]  # a moment or none
    question = PriceQuestion.model_validate({"symbol": "HCL", **arguments})
    return await TOOL.run(question, context)


def shown(finding: Finding) -> dict[str, object]:
    return {e.name: e.text if e.value is None else e.value for e in finding.evidence}


async def test_after_the_close_the_next_session_is_the_first() -> None:
    found = shown(await asked(market(bars(CLOSES, LAST))))

    assert (found["close_before"], found["close_after"]) == (Decimal(110), Decimal(108))
    assert found["reaction"] == Decimal("-0.018182")
    assert found["close_later"] == Decimal(120)


async def test_before_the_close_the_same_session_is_the_first() -> None:
    found = shown(await asked(market(bars(CLOSES, LAST), published=11)))

    assert (found["close_before"], found["close_after"]) == (Decimal(103), Decimal(110))


async def test_a_later_bar_changes_nothing() -> None:
    moment = at(date(2024, 7, 15), 16)
    short = market(bars(CLOSES[:6], date(2024, 7, 15)))
    long = market(bars(CLOSES, LAST))

    assert await asked(short, as_of=moment) == await asked(long, as_of=moment)


async def test_no_session_since_is_an_absence_not_a_zero() -> None:
    found = await asked(market(bars(CLOSES, LAST)), as_of=at(FRIDAY, 19))

    assert set(shown(found)) == {"close_before"}
    assert "no session has closed since" in found.absences[0].reason


async def test_a_split_between_is_adjusted_and_said() -> None:
    closes = [100.0, 100.0, 50.0, 50.0]
    split = bars(closes, date(2024, 7, 16), factor=(0.5, 0.5, 1.0, 1.0))

    found = await asked(market(split))

    reaction = next(e for e in found.evidence if e.name == "reaction")
    assert reaction.value == 0
    assert "for a split or bonus" in getattr(reaction.source, "formula", "")


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"band": (0, 0, 0, 0, 0, 20, 0, 0)}, "closed at its upper price band"),
        ({"no_band": (True,) * 8}, "no fixed price band"),
        ({}, "did not close at an upper price band"),
    ],
)
async def test_the_circuit_is_inferred_or_said_not_to_be(
    columns: dict[str, object], said: str
) -> None:
    found = shown(await asked(market(bars(CLOSES, LAST, **columns))))

    assert said in str(found["circuit"])


async def test_bars_that_begin_too_late_are_said() -> None:
    found = await asked(market(bars([100.0, 101.0], LAST)))

    assert found.evidence == ()
    assert found.absences[0].reason == "prices do not go back that far"


async def test_without_bars_or_publication_there_is_no_reaction() -> None:
    assert (await asked(market(None))).absences[0].reason == "no bars are kept here"
    undated = market(bars(CLOSES, LAST))
    undated.rows = [row("Q1 FY25", "120", published_at=None, known_at=None)]
    found = await asked(undated)
    assert set(shown(found)) == {"close"}
    assert "publication time of the Q1 FY25 results is unknown" in (
        found.absences[0].reason
    )


async def test_the_first_publication_is_the_event() -> None:
    there = market(bars(CLOSES, LAST), published=11)
    late = at(FRIDAY + timedelta(days=3), 18)
    there.rows.append(row("Q1 FY25", "100", published_at=late, basis=STANDALONE))

    found = shown(await asked(there, as_of=NOW))

    assert found["close_before"] == Decimal(103)


@pytest.mark.parametrize(
    ("band", "last", "said"),
    [
        (None, None, "did not close at an upper price band"),
        (Decimal(20), 121.0, "did not close at an upper price band"),
        (Decimal(10), 121.0, "was locked at its upper price band at the end"),
        (Decimal(10), 120.5, "touched its upper price band and left it"),
        (Decimal(5), 121.0, "its circuit is unknown"),
    ],
)
def test_a_circuit_is_told_by_the_exchanges_band(
    band: Decimal | None, last: float | None, said: str
) -> None:
    plain = bars(CLOSES, LAST)
    # The seventh session: base 110, high and close 121.
    told = replace(
        plain,
        base=(*plain.base[:6], 110.0, *plain.base[7:]),
        open=(*plain.open[:6], 112.0, *plain.open[7:]),
        high=(*plain.high[:6], 121.0, *plain.high[7:]),
        low=(*plain.low[:6], 111.0, *plain.low[7:]),
        band=(0,) * len(plain),
        last=(None,) * 6 + (last, None),
        price_band=(None,) * 6 + (None if band is None else float(band), None),
        tick=(0.05,) * len(plain),
    )
    assert said in _SAID[circuit(told, 6)]
