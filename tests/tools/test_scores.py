"""blockbuster_score, predict, compute_features and vcp: as the event could be seen."""

from datetime import date, timedelta

from dexter.domain.company import Family
from dexter.domain.research import Finding
from dexter.domain.results import SeasonPeer
from dexter.tools.catalogue import toolbox
from tests.tools.fakes import PUBLISHED, Market
from tests.tools.making import STANDALONE, bars, company, predicted, row
from tests.tools.test_surprise import history


def peers(count: int, late: int = 0) -> list[SeasonPeer]:
    """A season of companies, the last few of which report after the moment."""
    return [
        SeasonPeer(
            symbol=f"P{i}",
            family=Family.GENERAL.value,
            published_at=PUBLISHED + timedelta(days=15 if i >= count - late else -1),
            sue=i / 10,
            revenue_growth=i / 100,
            profit_growth=i / 100,
            margin_change=0.0,
        )
        for i in range(count)
    ]


def market(**about: object) -> Market:
    there = Market(
        [company()],
        rows=history(basis=STANDALONE),
        histories=[bars([100.0 + i % 7 for i in range(300)])],
        peers=peers(40),
        prediction=predicted(),
    )
    for name, what in about.items():
        setattr(there, name, what)
    return there


async def scored(tool: str, there: Market, **arguments: object) -> Finding:
    as_of = arguments.pop("as_of", None)
    context = there.context(as_of)  # type: ignore[arg-type]  # a moment or none
    return await toolbox().call(tool, {"symbol": "HCL", **arguments}, context)


async def test_a_score_has_its_parts_and_their_evidence() -> None:
    found = await scored("blockbuster_score", market())

    assert found.blockbuster is not None
    assert found.blockbuster.score is not None
    ids = {e.id for e in found.evidence}
    known = [c for c in found.blockbuster.components.values() if c.percentile]
    assert known
    assert all(set(part.evidence) <= ids for part in known)
    unknown = [c for c in found.blockbuster.components.values() if not c.percentile]
    assert all(part.reason for part in unknown)


async def test_too_few_peers_give_no_percentile_and_a_reason() -> None:
    found = await scored("blockbuster_score", market(peers=peers(3)))

    assert found.blockbuster is not None
    assert found.blockbuster.score is None
    assert found.absences[0].what == "blockbuster of Hcl Limited"
    assert found.absences[0].reason


async def test_peers_that_report_later_change_nothing() -> None:
    moment = PUBLISHED + timedelta(hours=1)

    before = await scored("blockbuster_score", market(peers=peers(40)), as_of=moment)
    after = await scored(
        "blockbuster_score", market(peers=peers(60, late=20)), as_of=moment
    )

    assert before == after


async def test_a_probability_stands_beside_its_base_rate() -> None:
    found = await scored("predict", market())

    assert [e.name for e in found.evidence] == [
        "probability",
        "base_rate",
        "feature_coverage",
    ]
    assert {e.basis for e in found.evidence} == {STANDALONE}
    assert found.prediction is not None


async def test_no_champion_is_an_absence() -> None:
    found = await scored("predict", market(prediction=None))

    assert found.evidence == ()
    assert found.absences[0].reason == "No model is registered."


async def test_features_are_read_as_of_the_publication() -> None:
    there = market()

    found = await scored("compute_features", there)

    assert {a.moment for a in there.asked_as_of} == {PUBLISHED}
    assert all(a.explicit for a in there.asked_as_of)
    assert {e.known_at for e in found.evidence} == {PUBLISHED}
    missing = {a.what for a in found.absences}
    assert all(a.reason for a in found.absences)
    assert not missing & {f"{e.name} of Hcl Limited" for e in found.evidence}


async def test_bars_after_the_event_change_no_feature() -> None:
    closes = [100.0 + i % 7 for i in range(300)]
    wild = [*closes[:-13], *([500.0] * 13)]

    calm = await scored("compute_features", market())
    mad = await scored("compute_features", market(histories=[bars(wild)]))

    assert calm == mad


async def test_an_event_of_unknown_publication_is_not_scored() -> None:
    rows = [row("Q1 FY25", "120", published_at=None, known_at=None)]

    for tool in ("blockbuster_score", "predict", "compute_features", "vcp"):
        found = await scored(tool, market(rows=rows))
        assert found.evidence == ()
        assert "publication time of the Q1 FY25 results is unknown" in (
            found.absences[0].reason
        )


async def test_without_bars_there_is_no_pattern() -> None:
    found = await scored("vcp", market(histories=[]))

    assert found.vcp is None
    assert found.absences[0].reason == "no bars are kept here"


def tightening() -> list[float]:
    """A rise, then falls from one height that grow shallower."""
    closes = [50 + 50 * i / 220 for i in range(220)]
    for depth in (20, 10, 5):
        closes += [100 - depth * i / 12 for i in range(1, 13)]
        closes += [100 - depth + depth * i / 12 for i in range(1, 13)]
    return closes


async def test_a_pattern_cites_its_own_evidence() -> None:
    history = bars(tightening(), date(2024, 7, 12))

    found = await scored("vcp", market(histories=[history]))

    assert found.vcp is not None
    assert found.vcp.contractions >= 2
    assert set(found.vcp.evidence) == {e.id for e in found.evidence}
    assert {e.name for e in found.evidence} >= {"vcp_contractions", "vcp_pivot"}
