"""vcp: the contraction that stood before results, or that stands now."""

from datetime import date, timedelta
from decimal import Decimal

from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Source
from dexter.domain.market import PriceHistory
from dexter.domain.research import Finding
from dexter.tools.catalogue import toolbox
from tests.tools.fakes import NOW, PUBLISHED, Market
from tests.tools.making import STANDALONE, bars, company
from tests.tools.test_surprise import history

LAST = date(2024, 7, 12)


def tightening() -> list[float]:
    """A rise, then falls from one height that grow shallower."""
    closes = [50 + 50 * i / 220 for i in range(220)]
    for depth in (20, 10, 5):
        closes += [100 - depth * i / 12 for i in range(1, 13)]
        closes += [100 - depth + depth * i / 12 for i in range(1, 13)]
    return closes


async def looked(*histories: PriceHistory, **arguments: object) -> Finding:
    there = Market(
        [company()], rows=history(basis=STANDALONE), histories=list(histories)
    )
    arguments = {"symbol": "HCL", **arguments}
    return await toolbox().call("vcp", arguments, there.context())


def parts(found: Finding) -> dict[str, Evidence]:
    return {e.name: e for e in found.evidence if e.kind is EvidenceKind.COMPUTED}


async def test_a_pattern_cites_its_own_evidence_over_the_bars() -> None:
    found = await looked(bars(tightening(), LAST))

    assert found.vcp is not None
    assert found.vcp.contractions >= 2
    assert set(found.vcp.evidence) == {e.id for e in parts(found).values()}
    assert parts(found)["vcp_pivot"].value == found.vcp.pivot
    by_id = {e.id: e for e in found.evidence}
    for item in parts(found).values():
        below = {by_id[one].name for one in item.inputs}
        wanted = {"high", "low"}
        if item.name != "vcp_last_depth":
            wanted |= {"close", "volume"}
        assert below >= wanted
        assert item.known_at == PUBLISHED


async def test_falls_lead_to_the_bars_of_their_turns() -> None:
    found = await looked(bars(tightening(), LAST))

    assert found.vcp is not None
    by_id = {e.id: e for e in found.evidence}

    def days(name: str, column: str) -> set[str | None]:
        below = [by_id[one] for one in parts(found)[name].inputs]
        sources = [e.source for e in below if isinstance(e.source, Source)]
        return {s.row for s in sources if s.column == column}

    assert days("vcp_contractions", "high") >= set(map(str, found.vcp.high_days))
    assert days("vcp_contractions", "low") >= set(map(str, found.vcp.low_days))
    assert days("vcp_last_depth", "high") == {str(found.vcp.high_days[-1])}
    assert days("vcp_last_depth", "low") == {str(found.vcp.low_days[-1])}


async def test_a_base_whose_last_low_broke_is_not_said_to_stand() -> None:
    found = await looked(bars([*tightening(), 99.0, 90.0], LAST))

    assert found.vcp is not None
    assert not found.vcp.passed
    assert "vcp_pivot" not in parts(found)
    (absence,) = (a for a in found.absences if a.what == "vcp_stood of Hcl Limited")
    assert absence.reason == (
        "no base stood then: the close was below its last low, "
        f"of {found.vcp.low_days[-1]}"
    )


async def test_the_falls_are_told_with_their_days() -> None:
    found = await looked(bars(tightening(), LAST))

    assert found.vcp is not None
    falls = zip(found.vcp.high_days, found.vcp.low_days, strict=True)
    assert all(high < low <= LAST for high, low in falls)
    assert len(found.vcp.depths) == found.vcp.contractions
    source = parts(found)["vcp_contractions"].source
    assert isinstance(source, Derivation)
    for day in (*found.vcp.high_days, *found.vcp.low_days):
        assert str(day) in source.formula


async def test_only_a_whole_pattern_is_said_to_have_stood() -> None:
    found = await looked(bars(tightening(), LAST))

    assert found.vcp is not None
    assert ("vcp_stood" in parts(found)) == found.vcp.passed
    said = {a.what for a in found.absences}
    assert ("vcp_stood of Hcl Limited" in said) != found.vcp.passed


async def test_now_looks_at_the_bars_since() -> None:
    later = [*tightening(), *([98.0] * 5)]

    then = await looked(bars(later, LAST + timedelta(days=7)))
    now = await looked(bars(later, LAST + timedelta(days=7)), moment="now")

    assert {e.known_at for e in parts(then).values()} == {PUBLISHED}
    assert {e.known_at for e in parts(now).values()} == {NOW}
    closes = [next(e for e in f.evidence if e.name == "close") for f in (then, now)]
    assert closes[0].value != closes[1].value == Decimal("98.0")


async def test_without_bars_there_is_no_pattern() -> None:
    found = await looked()

    assert found.vcp is None
    assert found.evidence == ()
    assert found.absences[0].reason == "no bars are kept here"


async def test_too_short_a_history_is_an_absence() -> None:
    found = await looked(bars([100.0] * 60, LAST))

    assert found.vcp is None
    assert found.absences[0].what == "VCP of Hcl Limited"
    assert "252" in found.absences[0].reason
