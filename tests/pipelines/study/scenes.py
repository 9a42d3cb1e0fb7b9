"""A market in which blockbusters are followed by what a test plants; its studies."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import sleep

import numpy as np

from dexter.domain.filing import Basis
from dexter.features.bars import Bars, adjusted
from dexter.features.columns import Array, Whole
from dexter.features.figures import figures_of
from dexter.features.known import Asked, Sources
from dexter.features.moments import at_minute, day_number
from dexter.features.stories import stories_of
from dexter.settings import Settings
from pipelines.featurize import World
from pipelines.runtime import Desk, Market
from pipelines.study import running
from pipelines.study.sample import Events, Progress
from pipelines.study.shelf import STUDIES
from pipelines.study.spec import Period
from pipelines.study.study import Document, Study

COMPANIES = 120
SESSIONS_A_QUARTER = 63
FIRST, LAST = date(2017, 12, 1), date(2025, 6, 30)
BAND = 0.20
_HALF_PAST_FIVE = 17 * 60 + 30


@dataclass(frozen=True, slots=True)
class Planted:
    """What follows a blockbuster: a gain a session, and how often a circuit."""

    gain: float = 0.0
    circuits: float = 0.0
    days_alike: float = 0.0


def silent(stage: str, done: int, total: int) -> None:
    del stage, done, total


def weekdays() -> Whole:
    days = np.arange(day_number(FIRST), day_number(LAST) + 1)
    return days[(days + 3) % 7 < 5]


def made_up(planted: Planted, seed: int = 5, companies: int = COMPANIES) -> Events:
    """Results of every company each quarter, half of them blockbusters by chance."""
    random = np.random.default_rng(seed)
    calendar = weekdays()
    reported = np.arange(20, len(calendar) - 6, SESSIONS_A_QUARTER)
    # Companies report over a month, several a session.
    place = reported[:, None] + np.arange(companies) % 20
    place = place[place.max(axis=1) < len(calendar) - 6]
    score = np.where(random.random(place.shape) < 0.5, 90.0, 40.0)
    hits = (score > 80) & (random.random(place.shape) < planted.circuits)
    steps = random.normal(0, 0.02, (companies, len(calendar)))
    steps += planted.days_alike * random.normal(0, 1, len(calendar))
    for one in range(companies):
        high = place[score[:, one] > 80, one]
        for session in (1, 2, 3):
            steps[one, high + session] += planted.gain
        steps[one, place[hits[:, one], one] + 3] = np.nan
    company = np.tile(np.arange(companies), len(place))
    moment = at_minute(calendar[place.ravel()], _HALF_PAST_FIVE)
    rows = place.size
    return Events(
        asked=Asked(company.astype(np.int64), moment, np.zeros(rows, dtype=np.int64)),
        score=score.ravel(),
        coverage=np.ones(rows),
        turnover=np.where(company % 3 > 0, 8.0, 7.0),
        fixed_band=np.ones(rows, dtype=np.bool_),
        world=_world(calendar, _bars(calendar, steps)),
    )


def _bars(calendar: Whole, steps: Array) -> Bars:
    """Opens at the close before; NaN is a step to the upper limit."""
    companies, sessions = steps.shape
    locked = np.isnan(steps)
    close = 1000 * np.exp(np.cumsum(np.where(locked, np.log1p(BAND), steps), axis=1))
    base = np.concatenate([np.full((companies, 1), 1000.0), close[:, :-1]], axis=1)
    n = close.size
    raw = {
        "open": base.ravel(),
        "high": np.maximum(base, close).ravel() * 1.001,
        "low": np.minimum(base, close).ravel() * 0.999,
        "close": close.ravel(),
        "base": base.ravel(),
        "volume": np.full(n, 1e5),
        "turnover": np.full(n, 1e8),
    }
    told = dict.fromkeys(("trades", "delivered", "price_band"), np.full(n, np.nan))
    told |= {"band": 100 * BAND * locked.ravel().astype(float), "no_band": np.zeros(n)}
    return adjusted(
        starts=np.arange(companies + 1) * sessions,
        day=np.tile(calendar, companies),
        raw=raw,
        told=told,
        factor=np.ones(n),
    )


def _world(calendar: Whole, bars: Bars) -> World:
    nobody = bars.companies
    return World(
        companies={f"C{number}": number for number in range(nobody)},
        sources=Sources(
            bars=bars,
            indices={},
            market=None,
            figures=figures_of([()] * nobody, Basis.STANDALONE),
            stories=stories_of([()] * nobody),
        ),
        calendar=calendar,
        market_return=np.zeros(len(calendar)),
    )


def desk(home: Path) -> Desk:
    market = Market("made up", home, fictional=True, earliest=None, latest=None)
    return Desk(Settings(home=home), market)


def run(
    home: Path,
    study: Study,
    events: Events,
    before: Callable[[], None] = lambda: None,
) -> Document:
    """Run a study of a home on events; ``before`` happens when they are asked for."""

    def source(asked: Study, tell: Progress) -> Events:
        del asked, tell
        before()
        return events

    return running.run(desk(home), study, source, silent)


def counted(study: Study) -> Study:
    """The same study, but each period only counts its events: quick."""

    def measure(_: object, events: Events, period: Period) -> Document:
        return {"tests": [], "events": len(events.during(period))}

    def conclude(_: object, found: object) -> Document:
        return {"words": [], "found": found}

    return replace(study, measure=measure, conclude=conclude)


CIRCUITS = STUDIES["blockbuster-circuits"]
SEED = STUDIES["seed-42"]


def main(home: Path, name: str) -> None:
    """Ask the study of a home together with other processes."""
    events = made_up(Planted(), companies=80)

    def wait() -> None:
        (home / f"ready-{name}").touch()
        while not (home / "go").exists():
            sleep(0.001)

    try:
        document = run(home, counted(CIRCUITS), events, wait)
    except running.StudyBusyError:
        (home / f"told-{name}").write_text("busy", encoding="utf-8")
    else:
        told = str(document["opening"]["run_id"])
        (home / f"told-{name}").write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
