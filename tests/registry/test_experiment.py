"""An experiment deals companies out for good, by share, and counts what came of it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import experiments
from registry.experiment import (
    EXPERIMENTS_FILE,
    Experiment,
    ExperimentError,
    NoExperimentError,
    outcomes_by_arm,
)
from registry.predictor import ChampionPredictor
from registry.registered import UnknownModelError
from registry.store import ModelStore
from tests.registry.making import NOON, ensemble, model, store, vector

SYMBOLS = [f"S{i:04}" for i in range(2000)]


def dealt(*shares: float, salt: str = "salt") -> Experiment:
    arms = tuple((f"v{i}", share) for i, share in enumerate(shares))
    return Experiment(name="test", arms=arms, salt=salt, started=None)


def test_a_company_is_dealt_the_same_arm_on_every_machine() -> None:
    found = [dealt(0.5, 0.5).assign(symbol) for symbol in SYMBOLS[:12]]
    assert "".join(arm[1] for arm in found) == "110101011000"


@settings(max_examples=25, deadline=None)
@given(
    weights=st.lists(st.integers(1, 20), min_size=2, max_size=5),
    salt=st.text(max_size=8),
)
def test_shares_are_kept_within_chance(weights: list[int], salt: str) -> None:
    shares = [weight / sum(weights) for weight in weights]
    experiment = dealt(*shares, salt=salt)
    found = [experiment.assign(symbol) for symbol in SYMBOLS]
    for (version, _), share in zip(experiment.arms, shares, strict=True):
        # Six deviations of a binomial: one in five hundred million.
        reach = 6 * (share * (1 - share) / len(SYMBOLS)) ** 0.5
        assert abs(found.count(version) / len(SYMBOLS) - share) < reach


@settings(max_examples=25, deadline=None)
@given(
    weights=st.lists(st.integers(1, 20), min_size=2, max_size=5),
    grown=st.integers(1, 40),
    salt=st.text(max_size=8),
)
def test_a_growing_arm_takes_companies_and_moves_no_others(
    weights: list[int], grown: int, salt: str
) -> None:
    more = [weights[0] + grown, *weights[1:]]
    before, after = (
        dealt(*(w / sum(every) for w in every), salt=salt) for every in (weights, more)
    )
    for symbol in SYMBOLS[:300]:
        now = after.assign(symbol)
        assert now in {before.assign(symbol), "v0"}


def test_another_salt_deals_otherwise() -> None:
    one, other = dealt(0.5, 0.5), dealt(0.5, 0.5, salt="other")
    same = sum(one.assign(s) == other.assign(s) for s in SYMBOLS)
    assert 0.4 < same / len(SYMBOLS) < 0.6


def begun(folder: Path) -> tuple[ModelStore, list[str]]:
    models = store(folder)
    versions = [models.register(*m).manifest.version for m in (model(1), ensemble(2))]
    experiments.start(models, "trees", [(v, 0.5) for v in versions], at=NOON)
    return models, versions


def test_one_runs_at_a_time_and_is_remembered(tmp_path: Path) -> None:
    models, versions = begun(tmp_path)
    running = models.experiment()
    assert running is not None
    assert (running.name, running.salt, running.started) == ("trees", "trees", NOON)
    with pytest.raises(ExperimentError, match="trees is running"):
        experiments.start(models, "more", [(v, 0.5) for v in versions])
    experiments.stop(models, reason="decided", at=NOON)
    assert models.experiment() is None
    with pytest.raises(NoExperimentError):
        experiments.stop(models)
    steps = models.experiments.steps()
    assert [(s.act, s.reason) for s in steps] == [
        ("started", None),
        ("stopped", "decided"),
    ]


@pytest.mark.parametrize(
    ("shares", "why"),
    [
        ((0.5, 0.4), "add up to 0.9"),
        ((1.0, 0.0), "not above 0"),
        ((1.5, -0.5), "not above 0"),
        ((0.5, float("nan")), "not above 0"),
        ((1.0,), "two arms"),
    ],
)
def test_shares_that_cannot_be_are_refused(
    tmp_path: Path, shares: tuple[float, ...], why: str
) -> None:
    arms = [(f"v{i}", share) for i, share in enumerate(shares)]
    with pytest.raises(ExperimentError, match=why):
        experiments.start(store(tmp_path), "test", arms)
    assert not (tmp_path / "home" / "models" / EXPERIMENTS_FILE).exists()


def test_arms_that_cannot_be_held_side_by_side_are_refused(tmp_path: Path) -> None:
    models = store(tmp_path)
    first = models.register(*model(1)).manifest.version
    made, files = model(2)
    other = models.register(
        made.model_copy(update={"catalogue_hash": "another"}), files
    ).manifest.version
    with pytest.raises(ExperimentError, match="differ in their catalogue"):
        experiments.start(models, "test", [(first, 0.5), (other, 0.5)])
    with pytest.raises(ExperimentError, match="stands in two arms"):
        experiments.start(models, "test", [(first, 0.5), (first, 0.5)])
    with pytest.raises(UnknownModelError):
        experiments.start(models, "test", [(first, 0.5), ("nobody", 0.5)])


async def test_each_company_hears_its_own_arm(tmp_path: Path) -> None:
    models, versions = begun(tmp_path)
    running = models.experiment()
    assert running is not None
    predictor = ChampionPredictor(models)
    heard = {}
    for symbol in SYMBOLS[:40]:
        heard[symbol] = (await predictor.predict(vector(symbol=symbol))).model_version
    assert heard == {symbol: running.assign(symbol) for symbol in heard}
    assert set(heard.values()) == set(versions)
    assert (await predictor.card()).version == versions[0], "the champion's card"
    experiments.stop(models)
    later = await ChampionPredictor(models).predict(vector(symbol=SYMBOLS[0]))
    assert later.model_version == versions[0]


def test_outcomes_are_counted_by_arm() -> None:
    rows = [
        ("b", 0.2, True),
        ("a", 0.5, True),
        ("a", 0.5, False),
        ("a", 0.1, None),
        ("c", 0.3, None),
    ]
    a, b, c = outcomes_by_arm(rows)
    assert (a.version, a.events, a.hits, a.waiting) == ("a", 2, 1, 1)
    assert (a.mean_probability, a.brier) == (0.5, 0.25)
    assert a.rate is not None
    # Wilson (1927) for 1 of 2 at 95 %.
    assert (a.rate.low, a.rate.high) == pytest.approx((0.0945, 0.9055), abs=1e-4)
    assert b.brier == pytest.approx(0.64)
    assert (c.events, c.rate, c.brier, c.mean_probability) == (0, None, None, None)
    assert outcomes_by_arm([]) == ()
