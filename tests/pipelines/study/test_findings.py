"""Planted effects are found, absent ones are not, and pages tell which."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from dexter.ml.outcomes import COST
from pipelines.study import circuits, seed
from pipelines.study.page import page
from pipelines.study.sample import followed
from pipelines.study.study import Document
from tests.pipelines.study.scenes import CIRCUITS, SEED, Planted, made_up

# Fewer draws than the real study has are quicker and as good here.
SPEC = replace(
    circuits.SPEC, numbers=dict(circuits.SPEC.numbers) | {"resamples": 200.0}
)
DEVELOPMENT, LOCKED = SPEC.periods


@cache
def found(planted: Planted) -> Document:
    events = made_up(planted)
    periods = {p.name: CIRCUITS.measure(SPEC, events, p) for p in SPEC.periods}
    return {"periods": periods, "verdict": circuits.conclude(SPEC, periods)}


def verdicts(document: Document) -> dict[tuple[str, str], str]:
    claims = document["verdict"]["claims"]
    return {(one["claim"], one["among"]): one["verdict"] for one in claims}


def test_a_planted_effect_is_found() -> None:
    document = found(Planted(gain=0.01, circuits=0.2))
    assert set(verdicts(document).values()) == {"supported"}


def test_no_effect_is_not_found() -> None:
    """The gain a session just pays the cost."""
    document = found(Planted(gain=COST / 3))
    assert "supported" not in verdicts(document).values()
    tests = document["periods"]["locked"]["tests"]
    assert all(test["holm"] > 0.05 for test in tests if test["against_rest"])


def test_losses_contradict() -> None:
    document = found(Planted(gain=-0.01))
    assert verdicts(document)[("gains", "all")] == "contradicted"
    assert verdicts(document)[("circuits", "all")] == "not_shown"


def test_the_planted_size_is_measured() -> None:
    gain = 0.01
    measured = found(Planted(gain=gain, circuits=0.2))["periods"]["locked"]
    every = measured["groups"]["all"]
    assert every["rest"]["net"]["value"] == pytest.approx(-COST, abs=0.003)
    assert every["rest"]["after_entry"]["value"] == pytest.approx(0, abs=0.003)
    circuit = every["blockbuster"]["circuit"]
    assert circuit["value"] == pytest.approx(0.2, abs=0.05)
    assert circuit["low"] < 0.2 < circuit["high"]
    assert every["rest"]["circuit"]["value"] == 0
    assert measured["flow"]["scored"] == measured["flow"]["followed"]


def test_few_blockbusters_decide_nothing() -> None:
    events = made_up(Planted(gain=0.02), companies=30)
    periods = {p.name: CIRCUITS.measure(SPEC, events, p) for p in (DEVELOPMENT, LOCKED)}
    told = circuits.conclude(SPEC, periods)
    assert {one["verdict"] for one in told["claims"]} == {"too_few"}


def test_a_period_reads_no_price_of_the_next() -> None:
    events = made_up(Planted())
    chosen = events.during(DEVELOPMENT)
    before = followed(events, DEVELOPMENT, chosen)
    later = events.world.sources.bars.day > LOCKED.first.toordinal() - 719_163
    events.world.sources.bars.close[later] = np.nan
    events.world.sources.bars.open[later] = np.nan
    after = followed(events, DEVELOPMENT, chosen)
    assert np.array_equal(before.net, after.net, equal_nan=True)
    assert np.array_equal(before.after_reaction, after.after_reaction, equal_nan=True)


def test_returns_against_a_plain_walk() -> None:
    events = made_up(Planted(gain=0.004), companies=30)
    sample = followed(events, LOCKED, events.during(LOCKED))
    bars, calendar = events.world.sources.bars, events.world.calendar
    asked = events.asked
    for row, place in enumerate(events.during(LOCKED)):
        company = int(asked.company[place])
        mine = slice(bars.starts[company], bars.starts[company + 1])
        close, opens = bars.close[mine], bars.open[mine]
        first = int(np.searchsorted(calendar, sample.day[row]))
        net = close[first + 2] / opens[first] - 1 - COST
        assert sample.net[row] == pytest.approx(net)
        # The made-up market stands still.
        assert sample.after_entry[row] == pytest.approx(net + COST)
        drift = close[first + 3] / close[first] - 1
        assert sample.after_reaction[row] == pytest.approx(drift)


def test_the_count_beside_made_up_sessions() -> None:
    (period,) = seed.SPEC.periods
    apart = SEED.measure(seed.SPEC, made_up(Planted(), companies=300), period)
    alike = SEED.measure(
        seed.SPEC, made_up(Planted(days_alike=0.02), companies=300), period
    )
    assert apart["data"]["correlation"] == pytest.approx(0, abs=0.02)
    assert apart["effective"]["events"] == pytest.approx(42, abs=10)
    assert alike["data"]["correlation"] > 0.1
    assert alike["effective"]["events"] < 20
    assert alike["picks"]["deviation"] > apart["picks"]["deviation"]
    told = seed.conclude(seed.SPEC, {"all": apart})
    assert told["told_from_coin"] is False
    document = {"periods": {"all": apart}, "verdict": told}
    assert "25% to 53% (Wilson)" in SEED.verdict(document)[0]


def test_pages_and_pictures() -> None:
    document = found(Planted(gain=0.01, circuits=0.2)) | {
        "study": SPEC.name,
        "spec": SPEC.told(),
        "spec_sha256": SPEC.sha256,
        "run_id": "r1",
        "opening": {"at": "2026-11-26T10:00:00+05:30", "run_id": "r1"},
        "other_openings": [],
    }
    text = page(document, CIRCUITS.verdict(document), CIRCUITS.sections(document))
    assert "The claim of gains **is supported** among all results: win rate" in text
    assert "looked at in coarse form while this was planned" in text
    assert "opened once, on 2026-11-26, by run `r1`" in text
    assert "nan" not in text.lower().replace("finance", "")
    drawn = CIRCUITS.pictures(document)
    assert set(drawn) == {"circuits", "returns", "seasons"}
    assert all(content.startswith(b"\x89PNG") for content in drawn.values())
    assert all(len(content) < 80_000 for content in drawn.values())
    assert CIRCUITS.pictures(document) == drawn
