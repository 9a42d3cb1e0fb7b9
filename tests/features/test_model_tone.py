"""Tones of a model in features: as of their reading, the same by both ways in."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from dexter.domain.filing import Basis, Headline, Tone
from dexter.domain.period import Quarter
from dexter.features import sentiment
from dexter.features.bars import bars_of
from dexter.features.event import EventInputs, build
from dexter.features.figures import figures_of
from dexter.features.known import Asked, Sources, see
from dexter.features.market_days import market_days_of
from dexter.features.moments import NEVER, moment_number, whole
from dexter.features.stories import stories_of
from tests.features.making import at, weekdays
from tests.features.making_market import headline, market_of

NOW = at(weekdays(300)[-1], 16, 30)
MARKET = market_of(
    [NOW.date()],
    stories_from=NOW - timedelta(days=400),
    stories_until=NOW - timedelta(hours=1),
)
NOT_READ = "no model has read these headlines"
Value = float | str


def ago(days: float, title: str) -> Headline:
    return headline(NOW - timedelta(days=days), title)


def at_once(
    moments: Sequence[datetime], mine: Sequence[Headline], tones: Mapping[str, Tone]
) -> list[Value]:
    """As training and the table of all companies read it."""
    sources = Sources(
        bars=bars_of([None]),
        indices={},
        market=market_days_of(MARKET),
        figures=figures_of([[]], Basis.STANDALONE),
        stories=stories_of([mine], tones),
    )
    count = len(moments)
    asked = Asked(
        whole([0] * count), whole(map(moment_number, moments)), whole([8_100] * count)
    )
    column = sentiment.compute(see(sources, asked))["model_tone_30"]
    return [column.reason(row) or column.values[row] for row in range(count)]


def one_by_one(
    moment: datetime, mine: Sequence[Headline], tones: Mapping[str, Tone]
) -> Value:
    """As a question reads it: headlines bring along what the store had seen by then."""
    seen = {k: t for k, t in tones.items() if not t.read_at or t.read_at <= moment}
    told = [
        replace(one, model_tone=seen[key].value) if key in seen else one
        for one in mine
        for key in [one.said_digest]
    ]
    inputs = EventInputs(
        symbol="MADEUP",
        published_at=moment,
        quarter=Quarter(2025, 1),
        basis=Basis.STANDALONE,
        prices=None,
        indices={},
        market=MARKET,
        figures=(),
        headlines=told,
    )
    found = build(inputs).features["model_tone_30"]
    return found.reason or found.value or 0.0


def test_a_tone_counts_from_when_it_was_read() -> None:
    mine = [ago(3, "Order won"), ago(2, "Fire"), ago(1, "Bonus")]
    read_at = NOW - timedelta(hours=12)
    tones = {
        mine[0].said_digest: Tone(0.8, read_at),
        mine[1].said_digest: Tone(-0.2, NOW + timedelta(microseconds=1)),
    }
    step = timedelta(microseconds=1)
    moments = [read_at - step, read_at, NOW, NOW + step]
    assert at_once(moments, mine, tones) == [NOT_READ, 0.8, 0.8, pytest.approx(0.3)]


def test_in_hindsight_it_counts_from_its_publication() -> None:
    mine = [ago(5, "Fire"), ago(3, "Order won")]
    tones = {mine[1].said_digest: Tone(0.8, None)}
    before, after = NOW - timedelta(days=3, hours=1), NOW - timedelta(days=2)
    found = at_once([before, after], mine, tones)
    assert found == [NOT_READ, 0.8]


def test_both_ways_in_give_the_same() -> None:
    random = np.random.default_rng(3)
    titles = [f"Title {n}" for n in range(25)]
    mine = [
        ago(float(days), titles[int(random.integers(len(titles)))])
        for days in random.uniform(0, 90, 60)
    ]
    tones = {
        headline(NOW, title).said_digest: Tone(
            round(float(random.uniform(-1, 1)), 2),
            NOW - timedelta(days=float(random.uniform(0, 60))),
        )
        for n, title in enumerate(titles)
        if n % 3
    }
    edges = [tone.read_at for tone in tones.values() if tone.read_at]
    moments = [*edges, *(NOW - timedelta(days=day) for day in range(80))]
    together = at_once(moments, mine, tones)
    alone = [one_by_one(moment, mine, tones) for moment in moments]
    assert together == alone
    assert {isinstance(one, str) for one in together} == {True, False}


def test_a_tone_brought_along_goes_before_one_from_outside() -> None:
    one = replace(ago(1, "Bonus"), model_tone=0.25)
    stories = stories_of([[one]], {one.said_digest: Tone(-1.0, NOW)})
    assert stories.model_tone.tolist() == [0.25]


def test_no_stories_are_no_columns_and_still_say_of_how_many_companies() -> None:
    stories = stories_of([(), [], ()])
    assert stories.starts.tolist() == [0, 0, 0, 0]
    assert len(stories) == 0
    assert (stories.from_moment, stories.social_from) == (NEVER, NEVER)
    assert stories.ends(whole([0, 2]), whole([0, NEVER])).tolist() == [0, 0]
    assert len(stories.of_company(1).between(0, 0)) == 0


def test_without_stories_nothing_is_compiled() -> None:
    code = (
        "import sys\n"
        "from dexter.features.stories import stories_of\n"
        "stories_of([[], ()])\n"
        "sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - our own words
