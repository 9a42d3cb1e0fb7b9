"""Start-up: ``--help`` beside a bare Typer app, and a whole answer offline."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.tables import ROOT, Part, Target, table

ROUNDS = 25
ANSWERS = 5
QUESTION = "Who surprised most this week?"
_HELP = "import sys; sys.argv[1:] = ['--help']; from {} import main; main()"
_ASK = f"import sys; sys.argv[1:] = ['ask', {QUESTION!r}]; from cli import main; main()"
NONE, BARE, OURS = "python -c pass", "bare Typer + Rich app, --help", "dexter --help"


def measure(folder: Path) -> Part:
    """Time the processes in turn; the sample market is set up before it is asked."""
    codes = {NONE: "pass", BARE: _HELP.format("bench.bare"), OURS: _HELP.format("cli")}
    taken: dict[str, list[float]] = {title: [] for title in codes}
    for _ in range(ROUNDS):
        for title, code in codes.items():
            taken[title].append(_seconds(code, folder))
    first = _seconds(_ASK, folder)
    warm = [_seconds(_ASK, folder) for _ in range(ANSWERS)]
    pairs = zip(taken[OURS], taken[BARE], strict=True)
    targets = (
        Target("dexter --help / bare app", 1.15, median(a / b for a, b in pairs)),
        Target("dexter ask, offline, warm", 3, median(warm), "s"),
    )
    return Part("startup", _figures(taken, first, warm), targets)


def _figures(taken: Mapping[str, list[float]], first: float, warm: list[float]) -> str:
    bare = taken[BARE]
    rows = [
        (
            title,
            f"{median(seconds) * 1000:.0f}",
            f"{median(a / b for a, b in zip(seconds, bare, strict=True)):.2f}",
        )
        for title, seconds in taken.items()
    ]
    rows += [
        ("dexter ask, first time (sets the sample up)", f"{first * 1000:.0f}", ""),
        ("dexter ask, warm", f"{median(warm) * 1000:.0f}", ""),
    ]
    return table(("", "ms", "× bare app"), rows)


def _seconds(code: str, home: Path) -> float:
    # The bench hands its own environment on, with a home of its own.
    environment = {**os.environ, "DEXTER_HOME": str(home)}  # noqa: TID251 - see above
    began = perf_counter()
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )
    seconds = perf_counter() - began
    if done.returncode:
        msg = f"it ended with exit code {done.returncode}: {done.stderr[-500:]}"
        raise ChildProcessError(msg)
    return seconds
