"""The same season by processes that are killed, at any moment and at every boundary."""

import asyncio
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.pipelines.daily.season import Season
from tests.pipelines.daily.season_home import prepared
from tests.pipelines.daily.season_killed import BOUNDARIES
from tests.pipelines.daily.season_outside import outside
from tests.pipelines.daily.test_season import FAILING, checked

ROOT = Path(__file__).resolve().parents[3]
SHORT = Season(days=2, results=3, strays=1, announced=10, after=3)
LONG = Season(days=13, results=6, strays=2, announced=30)
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""A library with threads of its own may not live on in a fork."""


@pytest.mark.parametrize(
    ("season", "kills"),
    [
        pytest.param(SHORT, 12, id="twelve times"),
        pytest.param(LONG, 200, id="two hundred times", marks=pytest.mark.slow),
    ],
)
def test_a_season_of_killed_processes_ends_as_any_other(
    tmp_path: Path, season: Season, kills: int
) -> None:
    home = tmp_path / "home"
    with outside(season) as there:
        asyncio.run(prepared(home, season, there))
        there.fail(FAILING)
        where = json.dumps(asdict(there))
        ended = subprocess.run(  # noqa: S603 - ours
            [
                *(sys.executable, "-m", "tests.pipelines.daily.season_killed"),
                *(str(home), season.as_json(), where, str(kills), "1"),
            ],
            cwd=ROOT,
            env={**os.environ, **ONE_THREAD},  # noqa: TID251 - handed on as it is
            capture_output=True,
            text=True,
            check=False,
        )
        assert not ended.returncode, ended.stderr
        deaths = Counter[str](json.loads(ended.stdout))
        print(f"\n{dict(deaths)}")  # noqa: T201 - asked for with -s
        assert deaths.total() >= kills
        assert sum(deaths[one] for one in BOUNDARIES) >= kills * 3 // 10
        checked(home, season, there)
