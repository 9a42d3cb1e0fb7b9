"""Training end to end on made-up events, and featurizing the bundled market."""

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from dexter.domain.alert import Demonstrated
from dexter.domain.filing import Basis
from dexter.domain.moment import IST, bar_known_at
from dexter.errors import UsageError
from dexter.features.catalogue import MODEL_INPUTS
from dexter.ml import train as trees
from dexter.ml.evaluation import OutOfSample
from dexter.ml.judgement import MINIMUM_TURNOVER, minimum_coverage
from dexter.ml.labels import LABEL, Outcome
from pipelines import train as pipeline
from pipelines.featurize import (
    Featured,
    FeaturedEvent,
    end_of,
    featurize,
    market_sessions,
)
from pipelines.train import TooFewEventsError, dataset, learn
from registry.manifest import Manifest
from registry.scoring import ScoringModel
from registry.store import ModelStore
from tests.features.making import weekdays

CALENDAR = weekdays(900)
UNTIL = CALENDAR[-1]
TURNOVER, OWN = (MODEL_INPUTS.index(n) for n in ("log_turnover_20", "net_margin"))
SIGNAL = MODEL_INPUTS.index("upper_band_closes_60")


def quiet(stage: str, done: int, total: int) -> None:
    assert 0 <= done <= total, stage


def event(place: int, random: np.random.Generator, *, rate: float) -> FeaturedEvent:
    inputs = random.normal(size=len(MODEL_INPUTS))
    inputs[TURNOVER], inputs[OWN] = 8.0, 0.1
    locks = random.uniform() < 0.15
    inputs[SIGNAL] = 5.0 if locks else 0.0
    hit = bool(random.uniform() < (rate if locks else rate / 20))
    day = CALENDAR[place]
    published = datetime(day.year, day.month, day.day, 17, tzinfo=IST)
    return FeaturedEvent(
        symbol=f"S{place % 90}",
        period_end=day - timedelta(days=40),
        published_at=published,
        basis=Basis.STANDALONE,
        inputs=tuple(inputs.tolist()),
        has_fixed_band=True,
        outcome=Outcome(
            hit, None, bar_known_at(CALENDAR[place + 3]), float(random.normal(0, 0.03))
        ),
        features_hash="",
    )


def featured(rate: float = 0.6, each: int = 3) -> Featured:
    random = np.random.default_rng(11)
    places = [place for place in range(10, 890) for _ in range(each)]
    return Featured(
        tuple(event(place, random, rate=rate) for place in places), CALENDAR
    )


@pytest.fixture(autouse=True)
def _few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "ROUNDS", 20)


@pytest.fixture(scope="module")
def learned() -> tuple[Manifest, bytes]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trees, "ROUNDS", 20)
        given = featured()
        return learn(dataset(given.events), given, UNTIL, quiet, None)


def test_a_signal_is_found_and_money_that_is_not_there_is_not(
    learned: tuple[Manifest, bytes],
) -> None:
    manifest, _ = learned
    assert manifest.skill is Demonstrated.YES
    assert manifest.edge is Demonstrated.NO
    overall = manifest.metrics[0]
    assert overall.group == "all"
    assert overall.skill.low > 0
    years = [m for m in manifest.metrics if m.group.isdigit()]
    assert sum(m.events for m in years) == overall.events
    assert "| all |" in manifest.evidence_table
    assert "Walk-forward over" in manifest.evidence_table


def test_the_band_history_alone_explains_a_signal_that_lies_in_it(
    learned: tuple[Manifest, bytes],
) -> None:
    band, figures = learned[0].references.values()
    assert band.low > 0
    assert figures.low < 0.01


def test_what_is_learned_can_be_registered_and_proves_itself(
    tmp_path: Path, learned: tuple[Manifest, bytes]
) -> None:
    models = ModelStore(tmp_path / "shelf", tmp_path)
    registered = models.register(*learned)
    assert registered.champion
    assert models.verify(registered.manifest.version) == registered
    loaded = ScoringModel(registered)
    often = np.zeros((1, len(MODEL_INPUTS)), dtype=np.float32)
    often[0, SIGNAL] = 5.0
    assert loaded.probabilities(often)[0] > 5 * loaded.probabilities(often * 0)[0]


def test_training_twice_gives_the_same_model(learned: tuple[Manifest, bytes]) -> None:
    given = featured()
    again = learn(dataset(given.events), given, UNTIL, quiet, None)
    assert again == learned


def test_noise_shows_no_skill() -> None:
    given = featured()
    random = np.random.default_rng(12)
    hits = [bool(h) for h in random.uniform(size=len(given.events)) < 0.1]
    events = tuple(
        FeaturedEvent(
            **{
                **{n: getattr(e, n) for n in FeaturedEvent.__slots__},
                "outcome": Outcome(hit, None, e.outcome.known_at, 0.0),
            }
        )
        for e, hit in zip(given.events, hits, strict=True)
    )
    manifest, _ = learn(dataset(events), Featured(events, CALENDAR), UNTIL, quiet, None)
    assert manifest.skill is Demonstrated.NO


def test_too_few_events_are_refused() -> None:
    given = featured(each=1)
    few = Featured(given.events[:400], CALENDAR)
    with pytest.raises(TooFewEventsError, match="200 out-of-sample events"):
        learn(dataset(few.events), few, UNTIL, quiet, None)


def test_only_labelled_liquid_events_with_figures_teach() -> None:
    random = np.random.default_rng(1)
    good = event(100, random, rate=0.5)

    def changed(place: int, value: float) -> FeaturedEvent:
        inputs = list(good.inputs)
        inputs[place] = value
        return FeaturedEvent(
            **{
                **{n: getattr(good, n) for n in FeaturedEvent.__slots__},
                "inputs": tuple(inputs),
            }
        )

    unlabelled = FeaturedEvent(
        **{
            **{n: getattr(good, n) for n in FeaturedEvent.__slots__},
            "outcome": Outcome(None, "the window is not over", None),
        }
    )
    thin = changed(TURNOVER, MINIMUM_TURNOVER - 0.01)
    bare = changed(OWN, float("nan"))
    unknown = changed(TURNOVER, float("nan"))
    data = dataset([good, thin, bare, unlabelled, unknown])
    assert len(data) == 1
    assert len(dataset([])) == 0


def test_minimum_coverage_stops_where_skill_does() -> None:
    random = np.random.default_rng(3)
    n = 6000
    coverage = random.uniform(0.3, 1.0, n)
    said = np.where(random.uniform(size=n) < 0.2, 0.5, 0.02)
    label = (random.uniform(size=n) < said).astype(float)
    label[coverage < 0.5] = random.uniform(size=int((coverage < 0.5).sum())) < 0.1
    sample = OutOfSample(
        probability=said,
        label=label,
        reference=np.full(n, 0.116),
        net_return=np.zeros(n),
        day=np.arange(n) // 10,
        year=np.full(n, 2024),
        coverage=coverage,
        turnover=np.full(n, 8.0),
    )
    assert minimum_coverage(sample, 1) == 0.5


def test_an_unknown_label_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no label called"):
        pipeline.train(tmp_path, "to_the_moon", UNTIL, quiet, shelf=tmp_path)


def test_an_empty_home_has_too_few_events(tmp_path: Path) -> None:
    with pytest.raises(TooFewEventsError):
        pipeline.train(tmp_path, LABEL, UNTIL, quiet, shelf=tmp_path / "shelf")


def test_the_end_of_a_day_is_indian() -> None:
    assert end_of(date(2025, 6, 30)).day == date(2025, 6, 30)
    assert end_of(date(2025, 6, 30)).explicit


@pytest.mark.slow
def test_featurizing_the_bundled_market(tmp_path: Path) -> None:
    ingest = pytest.importorskip("pipelines.ingest")
    market = Path(__file__).resolve().parents[2] / "data" / "sample" / "market"
    if not market.is_dir():
        pytest.skip("the bundled market is not generated yet")
    ingest.import_folder(market, tmp_path, read=None)
    until = date(2024, 12, 31)
    found = featurize(tmp_path, until, quiet, workers=1)
    assert found.events
    assert found.calendar[-1] <= until
    assert list(found.events) == sorted(
        found.events, key=lambda e: (e.published_at, e.symbol, e.period_end)
    )
    for item in found.events:
        assert item.published_at <= end_of(until).moment
        known = item.outcome.known_at
        assert known is None or known <= end_of(until).moment
    # What was known by the earlier day does not change when later data are read.
    later = featurize(tmp_path, date(2025, 12, 31), quiet, workers=1)
    then = {(e.symbol, e.period_end): e.features_hash for e in later.events}
    now = {(e.symbol, e.period_end): e.features_hash for e in found.events}
    assert now.items() <= then.items()
    assert set(market_sessions_of(tmp_path, until)) == set(found.calendar)


def market_sessions_of(home: Path, until: date) -> tuple[date, ...]:
    from dexter.store.database import Database  # noqa: PLC0415 - only this test

    database = Database.open(home)
    try:
        return market_sessions(database, until)
    finally:
        database.close()
