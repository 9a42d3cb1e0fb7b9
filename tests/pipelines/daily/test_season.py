"""A season on the fake exchange, day by day: every filing once, every alert told once.

Real sources, documents, research, a Bot API and a mail server that fail at random; only
the clock is the season's own. ``pytest -s`` shows the counts.
"""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.pipelines.daily import season_checks
from tests.pipelines.daily.season import Season, Step, steps
from tests.pipelines.daily.season_home import delivered, live, operating, prepared
from tests.pipelines.daily.season_outside import Outside, outside

SMALL = Season(days=3, results=6, strays=2, announced=30)
WHOLE = Season()
FAILING = 4.0
"""One send in so many goes wrong."""


@pytest.fixture(autouse=True)
def _zone_of_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The season moves its host from zone to zone."""
    monkeypatch.setenv("TZ", os.environ.get("TZ", "UTC"))  # noqa: TID251 - the host's
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_few_sessions_end_as_they_should(tmp_path: Path) -> None:
    counts = _lived(tmp_path / "home", SMALL)
    assert counts["filings"] >= 60
    assert counts["alerts: amendments"] > 0
    assert counts["arrived: marked as possible repeats"] > 0


@pytest.mark.slow
def test_a_whole_season_ends_as_it_should(tmp_path: Path) -> None:
    counts = _lived(tmp_path / "home", WHOLE)
    assert counts["sessions"] == 30
    assert counts["filings"] >= 1_500
    assert counts["alerts: amendments"] >= 20
    assert counts["arrived: marked as possible repeats"] >= 50


def _lived(home: Path, season: Season) -> Counter[str]:
    """Live through a season, see that all is well, and once more that nothing moves."""
    with outside(season) as there:
        asyncio.run(prepared(home, season, there))
        there.fail(FAILING)
        last = _live(home, list(steps(season)), there)
        counts = checked(home, season, there)
        before, taken = season_checks.contents(home), there.taken()
        later = last.at + timedelta(hours=9)
        again = [
            Step(later + timedelta(minutes=place), "day", day)
            for place, day in enumerate(season.world().days.sessions)
            if season.first <= day <= last.day
        ]
        _live(home, again, there)
        moved = sorted(season_checks.contents(home) ^ before)
        assert not moved, "\n".join(moved[:20])
        assert there.taken() == taken
    return counts


def _live(home: Path, lived: list[Step], there: Outside) -> Step:
    for step in lived:
        asyncio.run(live(home, step, there))
    last = lived[-1]
    asyncio.run(delivered(home, last.at + timedelta(hours=8), there))
    return last


def checked(home: Path, season: Season, there: Outside) -> Counter[str]:
    """What there is after a season, all of it as it must be; printed, too."""
    *_, last = steps(season)
    world = season.world().at(last.day)
    facts = season_checks.read(home, world, operating(there), there.taken())
    wrong = season_checks.wrongs(facts)
    print(f"\n{season_checks.table(facts.counts)}")  # noqa: T201 - asked for with -s
    assert not wrong, "\n".join(wrong[:40])
    return facts.counts
