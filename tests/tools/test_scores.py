"""blockbuster_score and predict: an event as it could be seen."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from dexter.domain.company import Family
from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Source
from dexter.domain.moment import AsOf
from dexter.domain.period import Quarter
from dexter.domain.research import Finding
from dexter.domain.results import SeasonPeer
from dexter.tools.catalogue import toolbox
from tests.tools.fakes import LATEST, PUBLISHED, Market, Shelf
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


@dataclass(frozen=True)
class TwoSeasons(Shelf):
    """The market's peers reported a quarter ago; these few have reported since."""

    since: tuple[SeasonPeer, ...]

    async def season(self, quarter: Quarter, as_of: AsOf) -> tuple[SeasonPeer, ...]:
        before = self.market.peers if quarter == LATEST.previous else ()
        now = self.since if quarter == LATEST else before
        return tuple(p for p in now if as_of.sees(p.published_at))


def chain(found: Finding, name: str) -> list[Evidence]:
    """A piece of evidence with everything under it, to the last figure."""
    by_id = {e.id: e for e in found.evidence}
    wanted = [next(e for e in found.evidence if e.name == name)]
    for one in wanted:
        wanted += [by_id[i] for i in one.inputs]
    return wanted


def formula(found: Finding, name: str) -> str:
    source = chain(found, name)[0].source
    assert isinstance(source, Derivation)
    return source.formula


async def test_a_score_has_its_parts_and_their_evidence() -> None:
    found = await scored("blockbuster_score", market())

    assert found.blockbuster is not None
    assert found.blockbuster.score is not None
    ids = {e.id for e in found.evidence}
    parts = found.blockbuster.components.values()
    assert [c.percentile is not None for c in parts] == [True, True, True, False]
    assert all(set(part.evidence) <= ids for part in parts)
    assert all(part.evidence for part in parts if part.value is not None)
    assert all(part.reason for part in parts if part.percentile is None)
    assert found.blockbuster.coverage == Decimal("0.75")
    means = [c.percentile for c in parts if c.percentile is not None]
    score = found.blockbuster.score
    assert abs(sum(means, Decimal(0)) / len(means) - score) <= Decimal("0.05")


async def test_a_score_resolves_down_to_figures() -> None:
    found = await scored("blockbuster_score", market())

    names = {e.name for e in chain(found, "blockbuster")}
    assert names >= {
        *("surprise_percentile", "growth_percentile", "margin_percentile"),
        *("sue", "profit_yoy", "revenue_yoy", "net_margin_change"),
        *("net_profit", "revenue_from_operations"),
    }
    assert {e.name for e in chain(found, "blockbuster") if not e.inputs} == {
        *("net_profit", "revenue_from_operations"),
        *("sue_peers", "profit_yoy_peers", "revenue_yoy_peers"),
        "net_margin_change_peers",
    }
    assert {e.name for e in chain(found, "surprise_percentile")} == {
        *("surprise_percentile", "sue", "net_profit", "sue_peers")
    }


async def test_a_percentile_leads_to_the_results_of_its_peers() -> None:
    found = await scored("blockbuster_score", market())

    (there,) = (e for e in found.evidence if e.name == "sue_peers")
    assert (there.value, there.known_at) == (Decimal(40), PUBLISHED)
    assert there.source == Source(
        document="results of every company", row="Q1 FY25, general", column="sue"
    )


async def test_a_percentile_says_among_how_many_of_which_cohort_and_season() -> None:
    found = await scored("blockbuster_score", market())

    among = "among the 40 other general companies of Q1 FY25 known at publication"
    assert formula(found, "surprise_percentile") == (
        f"percentile rank (ties half) of sue {among}"
    )
    assert formula(found, "growth_percentile").startswith("mean of percentile rank")
    assert {e.known_at for e in found.evidence if "percentile" in e.name} == {PUBLISHED}


async def test_the_season_before_stands_in_while_too_few_have_reported() -> None:
    there = market()
    context = there.context()
    few = tuple(replace(peer, symbol=f"N{peer.symbol}") for peer in peers(29))
    runtime = replace(context.runtime, filings=TwoSeasons(there, few))

    found = await toolbox().call(
        "blockbuster_score", {"symbol": "HCL"}, replace(context, runtime=runtime)
    )

    said = formula(found, "surprise_percentile")
    assert "the 40 other general companies of Q4 FY24" in said


async def test_too_few_peers_give_no_percentile_and_a_reason() -> None:
    found = await scored("blockbuster_score", market(peers=peers(29)))

    assert found.blockbuster is not None
    assert found.blockbuster.score is None
    assert found.absences[0].what == "blockbuster of Hcl Limited"
    assert (
        "sue is known of 29 other general companies of Q1 FY25 and of 0 of Q4 FY24; "
        "30 are needed"
    ) in found.absences[0].reason
    surprise = found.blockbuster.components["surprise"]
    assert surprise.value == chain(found, "sue")[0].value
    assert surprise.evidence == (chain(found, "sue")[0].id,)


async def test_a_fictional_market_is_ranked_among_few() -> None:
    there = market(peers=peers(3))
    context = there.context()
    fictional = replace(context.runtime, fictional=True)

    found = await toolbox().call(
        "blockbuster_score", {"symbol": "HCL"}, replace(context, runtime=fictional)
    )

    assert found.blockbuster is not None
    assert found.blockbuster.score is not None


async def test_a_score_is_the_same_whenever_it_is_asked_for() -> None:
    later = datetime(2025, 3, 1, 12, tzinfo=PUBLISHED.tzinfo)

    asked = [
        await scored("blockbuster_score", market(peers=peers(60, late=20)), as_of=when)
        for when in (PUBLISHED, PUBLISHED + timedelta(hours=1), later, None)
    ]

    assert all(found == asked[0] for found in asked)
    assert asked[0].blockbuster is not None
    assert "the 40 other" in formula(asked[0], "surprise_percentile")


async def test_the_company_is_not_its_own_peer() -> None:
    mine = replace(peers(1)[0], symbol="HCL", sue=-99.0)

    alone = await scored("blockbuster_score", market())
    among = await scored("blockbuster_score", market(peers=[*peers(40), mine]))

    assert alone == among


async def test_a_probability_stands_beside_its_base_rate() -> None:
    found = await scored("predict", market())

    said = [e for e in found.evidence if e.kind is EvidenceKind.PREDICTION]
    assert [e.name for e in said] == ["probability", "base_rate", "feature_coverage"]
    assert {e.basis for e in said} == {STANDALONE}
    assert found.prediction is not None


async def test_a_probability_leads_to_its_model_and_what_weighed() -> None:
    told = predicted(trained_until=date(2023, 9, 30), weighing=("rsi_14", "profit_yoy"))
    found = await scored("predict", market(prediction=told))

    below = chain(found, "probability")
    assert below[0].known_at == PUBLISHED
    assert {e.name for e in below} >= {"rsi_14", "close", "profit_yoy", "net_profit"}
    for name in ("probability", "base_rate"):
        texts = {e.name: e.text for e in chain(found, name) if e.text}
        assert texts["model_version"] == "m1"
        assert texts["model_trained_until"] == "2023-09-30"
        assert "m1" in formula(found, name)
        assert "trained until 2023-09-30" in formula(found, name)
    assert "judged on" in formula(found, "base_rate")


async def test_no_champion_is_an_absence() -> None:
    found = await scored("predict", market(prediction=None))

    assert found.evidence == ()
    assert found.absences[0].reason == "No model is registered."


async def test_an_event_of_unknown_publication_is_not_scored() -> None:
    rows = [row("Q1 FY25", "120", published_at=None, known_at=None)]

    for tool in ("blockbuster_score", "predict", "compute_features", "vcp"):
        found = await scored(tool, market(rows=rows))
        assert found.evidence == ()
        assert "publication time of the Q1 FY25 results is unknown" in (
            found.absences[0].reason
        )
