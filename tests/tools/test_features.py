"""compute_features: a company at a moment, each feature over what it was made from."""

from datetime import date, timedelta
from decimal import Decimal

from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Measure, Source
from dexter.domain.filing import Headline
from dexter.domain.market import IndexHistory
from dexter.domain.moment import bar_known_at
from dexter.domain.research import Finding
from dexter.features.catalogue import BY_NAME, catalogue_hash
from dexter.features.regime import MARKET_INDEX
from dexter.tools.catalogue import toolbox
from tests.features.making_market import market_of
from tests.tools.fakes import NOW, PUBLISHED, Market
from tests.tools.making import STANDALONE, at, bars, company, row
from tests.tools.test_surprise import history

SESSIONS = bars([1.0] * 500).sessions


def market(**about: object) -> Market:
    """HCL with bars, figures, an index, the market's sessions and headlines."""
    there = Market(
        [company()],
        rows=history(basis=STANDALONE),
        histories=[bars([100.0 + i % 7 for i in range(500)], delivered=(600,) * 500)],
        indices=[
            IndexHistory(
                MARKET_INDEX,
                SESSIONS,
                tuple(1000.0 + i for i in range(500)),
                "indices.parquet",
            )
        ],
        sessions=market_of(
            SESSIONS, strength=(tuple(i / 20 for i in range(19)),) * 500
        ),
        news=[
            Headline("HCL", at(day, 10), f"Order {day}", "Won.", "NSE announcement")
            for day in SESSIONS[:-1:3]
        ],
    )
    for name, what in about.items():
        setattr(there, name, what)
    return there


async def computed(there: Market, **arguments: object) -> Finding:
    as_of = arguments.pop("as_of", None)
    context = there.context(as_of)  # type: ignore[arg-type]  # a moment or none
    arguments = {"symbol": "HCL", **arguments}
    return await toolbox().call("compute_features", arguments, context)


def feature(found: Finding, name: str) -> Evidence:
    formula = f"{name} = "
    return next(
        e
        for e in found.evidence
        if isinstance(e.source, Derivation) and e.source.formula.startswith(formula)
    )


def inputs(found: Finding, name: str) -> list[Evidence]:
    by_id = {e.id: e for e in found.evidence}
    return [by_id[one] for one in feature(found, name).inputs]


def features(found: Finding) -> dict[str, Decimal | None]:
    return {e.name: e.value for e in found.evidence if isinstance(e.source, Derivation)}


def missing(found: Finding) -> dict[str, str]:
    return {a.what: a.reason for a in found.absences}


async def test_every_feature_is_a_value_with_its_formula_or_an_absence() -> None:
    found = await computed(market())

    known = features(found)
    absent = {name.removesuffix(" of Hcl Limited") for name in missing(found)}
    assert known.keys() | absent == set(BY_NAME)
    assert not known.keys() & absent
    assert all(missing(found).values())
    for name in known:
        item, spec = feature(found, name), BY_NAME[name]
        assert isinstance(item.source, Derivation)
        assert spec.formula in item.source.formula
        assert catalogue_hash() in item.source.formula
        assert item.unit == spec.unit
        assert (item.symbol, item.period, item.basis) == ("HCL", "Q1 FY25", STANDALONE)


async def test_a_feature_of_bars_stands_on_the_last_one_before() -> None:
    found = await computed(market())

    high, low, close = inputs(found, "atr_14")
    assert [e.name for e in (high, low, close)] == ["high", "low", "close"]
    last = SESSIONS.index(date(2024, 7, 12))
    assert close.value == Decimal(str(100.0 + last % 7))
    assert isinstance(close.source, Source)
    assert close.source.row == "2024-07-12"
    assert close.source.document == "prices.parquet"
    assert close.kind is EvidenceKind.PRICE
    assert close.known_at == bar_known_at(date(2024, 7, 12))


async def test_a_feature_of_figures_stands_on_the_quarters_it_reads() -> None:
    found = await computed(market())

    read = {(e.name, e.period) for e in inputs(found, "revenue_yoy")}
    assert {name for name, _ in read} == {"revenue_from_operations"}
    assert {("revenue_from_operations", q) for q in ("Q1 FY25", "Q1 FY24")} <= read
    assert {e.period for e in inputs(found, "net_margin")} == {"Q1 FY25"}
    quarters = {e.period for e in inputs(found, "sue")}
    assert (len(quarters), "Q1 FY22" in quarters) == (13, True)


async def test_indices_sessions_and_headlines_are_inputs_too() -> None:
    found = await computed(market())

    (index,) = inputs(found, "market_return_20")
    assert (index.name, index.unit) == (MARKET_INDEX, Measure.SCORE)
    assert isinstance(index.source, Source)
    # The results came at 18:00, the file of that day's closes at 20:00.
    assert index.source.row == "2024-07-11"
    (story,) = inputs(found, "announcements_30")
    assert (story.kind, story.text) == (EvidenceKind.NEWS, "Order 2024-07-12")
    assert story.known_at is not None
    assert story.known_at < PUBLISHED
    (breadth,) = inputs(found, "breadth_50")
    assert (breadth.name, breadth.value) == ("above_50", Decimal("0.5"))
    assert isinstance(breadth.source, Source)
    assert breadth.source.row == "2024-07-12"


async def test_every_feature_that_is_known_names_what_it_was_made_from() -> None:
    found = await computed(market())

    assert [name for name in features(found) if not inputs(found, name)] == []


async def test_a_feature_of_the_calendar_stands_on_moments_and_days() -> None:
    busy = market_of(SESSIONS, result_days=SESSIONS, results=(7,) * 500)
    found = await computed(market(sessions=busy))

    (hour,) = inputs(found, "publication_hour")
    assert (hour.name, hour.unit) == ("published_at", Measure.DATE)
    assert (hour.text, hour.known_at) == (PUBLISHED.isoformat(), PUBLISHED)
    assert isinstance(hour.source, Source)
    assert hour.source.document == "results.csv"
    since = {e.name: e.text for e in inputs(found, "days_since_quarter_end")}
    assert since == {"published_at": PUBLISHED.isoformat(), "quarter": "2024-06-30"}
    (ended,) = inputs(found, "fiscal_quarter")
    assert (ended.name, ended.text) == ("quarter", "2024-06-30")
    told = inputs(found, "lag_against_last_year")
    assert {e.period for e in told if e.name == "published_at"} >= {
        *("Q1 FY25", "Q1 FY24"),
    }
    results = {e.name: e for e in inputs(found, "results_day_before")}["results"]
    assert isinstance(results.source, Source)
    assert (results.value, results.source.row) == (Decimal(7), "2024-07-11")
    (last,) = inputs(found, "span_days_60")
    assert (last.name, last.text) == ("day", "2024-07-12")


async def test_a_feature_of_earlier_results_stands_on_when_they_came() -> None:
    found = await computed(market())

    dates = {e.period for e in inputs(found, "reaction_last") if e.name == "known_at"}
    assert dates == {"Q4 FY24"}
    late = {e.name: e.text for e in inputs(found, "late_figures")}
    assert late == dict.fromkeys(("known_at", "published_at"), PUBLISHED.isoformat())


async def test_everything_was_known_at_the_publication() -> None:
    there = market()

    found = await computed(there)

    assert {a.moment for a in there.asked_as_of} == {PUBLISHED}
    assert all(a.explicit for a in there.asked_as_of)
    assert all(e.known_at and e.known_at <= PUBLISHED for e in found.evidence)
    assert {feature(found, name).known_at for name in features(found)} == {PUBLISHED}


async def test_what_came_after_the_event_changes_no_feature() -> None:
    wild = bars(
        [*(100.0 + i % 7 for i in range(487)), *[500.0] * 13],
        delivered=(600,) * 500,
    )
    there = market(histories=[wild])
    there.news.append(Headline("HCL", NOW - timedelta(days=1), "Fraud", "", "NSE"))
    there.rows.append(
        row("Q2 FY25", "9", basis=STANDALONE, published_at=NOW - timedelta(days=1))
    )

    assert await computed(there, quarter="Q1 FY25") == await computed(market())


async def test_now_reads_what_is_visible_at_the_runs_own_moment() -> None:
    there = market()

    found = await computed(there, moment="now")

    assert {a.moment for a in there.asked_as_of} == {NOW}
    assert feature(found, "rsi_14").known_at == NOW
    (close,) = inputs(found, "rsi_14")
    assert isinstance(close.source, Source)
    assert close.source.row == "2024-07-31"
    assert feature(found, "revenue_yoy").period == "Q1 FY25"


async def test_now_before_the_results_reads_the_quarter_before() -> None:
    moment = PUBLISHED - timedelta(hours=1)

    found = await computed(market(), moment="now", as_of=moment)

    assert feature(found, "net_margin").period == "Q4 FY24"
    (close,) = inputs(found, "rsi_14")
    assert isinstance(close.source, Source)
    assert close.source.row == "2024-07-12"


async def test_a_company_without_figures_has_features_now_but_no_event() -> None:
    there = market(rows=[])

    at_event = await computed(there)
    assert at_event.evidence == ()
    assert missing(at_event) == {"features of Hcl Limited": "no figures are visible"}

    now = await computed(there, moment="now")
    assert features(now)["rsi_14"] is not None
    assert feature(now, "rsi_14").period == "Q1 FY25"
    assert missing(now)["sue of Hcl Limited"]


async def test_a_company_without_anything_is_all_absence() -> None:
    bare = Market([company()])

    found = await computed(bare, moment="now")

    assert missing(found)["rsi_14 of Hcl Limited"] == "no bar before publication"
    assert missing(found)["vix of Hcl Limited"] == "no closes of the index are kept"
    assert not {"close", "net_profit", "headline"} & {e.name for e in found.evidence}


async def test_an_old_quarter_is_asked_as_it_came_out() -> None:
    found = await computed(market(), quarter="Q4 FY24")

    then = feature(found, "rsi_14").known_at
    assert then is not None
    assert then < PUBLISHED
    assert {e.period for e in inputs(found, "net_margin")} == {"Q4 FY24"}


async def test_no_digit_two_machines_differ_in_is_kept() -> None:
    found = await computed(market())

    values = [value for value in features(found).values() if value is not None]
    assert all(len(value.as_tuple().digits) <= 12 for value in values)
