"""The invented prices obey the exchange, and the documents can be read."""

from datetime import date
from decimal import Decimal

import pytest

from dexter.extraction.document import read
from tests.fake_exchange import World
from tests.fake_exchange.listing import isin_of
from tests.fake_exchange.market import limits, tick_of
from tests.fake_exchange.papers import content, figures, size

WORLD = World(11, date(2026, 5, 4), 30, 200, 40, 6)


@pytest.mark.parametrize(
    ("base", "band", "upper", "lower"),
    [
        ("573.65", 10, "631.00", "516.30"),
        ("927.85", 10, "1020.60", "835.10"),
        ("406.40", 5, "426.70", "386.10"),
    ],
)
def test_limits_of_published_quotes(
    base: str, band: int, upper: str, lower: str
) -> None:
    found = limits(int(Decimal(base) * 100), band, 5)
    assert found == (int(Decimal(upper) * 100), int(Decimal(lower) * 100))


def test_ticks_by_day_and_price() -> None:
    assert tick_of(10_000, date(2024, 6, 7)) == 5
    assert tick_of(10_000, date(2024, 6, 10)) == 1
    assert tick_of(200_000, date(2025, 4, 14)) == 5
    assert tick_of(200_000, date(2025, 4, 15)) == 10
    assert tick_of(3_000_000, date(2025, 4, 15)) == 500


def test_prices_keep_to_bands_ticks_and_base_prices() -> None:
    ex_dates = {(a.company.number, a.ex_date): a for a in WORLD.actions}
    for company in WORLD.companies:
        before = None
        for bar in filter(None, WORLD.path(company)):
            assert bar.low <= min(bar.open, bar.close, bar.last)
            assert bar.high >= max(bar.open, bar.close, bar.last)
            prices = (bar.open, bar.high, bar.low, bar.close, bar.last)
            assert all(price % bar.tick == 0 for price in prices if bar.tick > 1)
            if bar.upper is not None and bar.lower is not None:
                assert bar.lower <= bar.low <= bar.high <= bar.upper
            if before is not None:
                assert bar.previous == before
            action = ex_dates.get((company.number, bar.day))
            if action and action.kind != "dividend":
                assert bar.base == pytest.approx(bar.previous * action.factor, abs=50)
            else:
                assert bar.base == bar.previous
            before = bar.close


def test_every_kind_of_circuit_and_company_occurs() -> None:
    truth = WORLD.truth()
    kinds = {bar.circuit for bar in truth.nse_bars.values()}
    everything = {"no_band", "none", "touched", "locked_at_end", "locked_all_day"}
    assert kinds == everything
    assert {series for _, series, _ in truth.nse_bars} == {"EQ", "BE", "BZ", "SM"}
    one_sided = [(c.nse is None, c.bse is None) for c in WORLD.companies]
    assert set(one_sided) == {(False, False), (True, False), (False, True)}
    twins = {c.nse: c.isin for c in WORLD.companies if c.nse}
    assert any(
        c.nse is None and twins.get(c.bse_id, c.isin) != c.isin for c in WORLD.companies
    )
    assert len({c.isin for c in WORLD.companies}) == len(WORLD.companies)


def test_isins_are_well_formed() -> None:
    for number in (0, 9, 123, 1_234):
        isin = isin_of(number)
        assert len(isin) == 12
        digits = "".join(str(int(letter, 36)) for letter in isin)
        total = 0
        for place, digit in enumerate(reversed(digits)):
            doubled = int(digit) * (2 if place % 2 else 1)
            total += doubled // 10 + doubled % 10
        assert total % 10 == 0


def test_documents_are_read_and_say_whose_they_are() -> None:
    truth = WORLD.truth()
    kinds = set()
    for one in truth.publications:
        paper = one.paper
        if paper.kind in kinds or not paper.company.nse:
            continue
        kinds.add(paper.kind)
        found = read(one.name, content(paper))
        assert size(paper) == len(content(paper))
        if paper.kind == "letter":
            assert not found.statements
            continue
        assert {str(s.status) for s in found.statements} == {"accepted"}
        assert {s.period_end for s in found.statements} == {
            paper.quarter.end if paper.quarter else None
        }
    assert kinds == {"letter", "statement", "xbrl", "inline"}


def test_a_revision_says_something_else() -> None:
    revised = next(r for r in WORLD.results if r.revised)
    basis = revised.bases[0]
    first, second = (figures(revised.paper(v), basis) for v in (0, 1))
    assert first.facts != second.facts
    assert content(revised.paper(0)) != content(revised.paper(1))


def test_the_season_is_announced_before_it_is_filed() -> None:
    for result in WORLD.results:
        outcome = min(result.outcomes[0])
        assert result.told < outcome
        assert all(filing.nse_at > outcome for filing in result.filings)
    assert any(len(result.outcomes) > 2 for result in WORLD.results)
    assert any(result.moved_from for result in WORLD.results)


def test_a_peak_day_is_made_when_it_is_asked_for() -> None:
    world = World(2, date(2026, 5, 4), 30, 300, 2_000, 20)
    day = world.days.sessions[3]
    assert len(world.notices("BSE", day)) > 1_700
    assert set(world._bse) == {day}
    letters = [n.paper for n in world.notices("NSE", day) if n.paper]
    assert len(set(letters)) > 1_500
