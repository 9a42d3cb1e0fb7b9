"""Scoring: one row and many by the shipped champion, beside the plain ways of XGBoost.

The champion's XGBoost members are made a model of their own, so that all score the same
trees: through scikit-learn on a DataFrame, by ``inplace_predict``, by ours as members
and as an ONNX twin. The whole champion, LightGBM members too, is scored beside them.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

import numpy as np
import xgboost

from bench.contest import Entrant, Worker
from bench.tables import ROOT, Part, Target, table
from dexter.ml.dataset import Array, Matrix
from registry import members
from registry.manifest import Manifest
from registry.onnx_twin import PARITY, parity_rows
from registry.registered import Registered
from registry.scoring import ScoringModel
from registry.store import ModelStore

ROUNDS, SINGLE, BATCH = 9, 200, 20_000
OF_PEER = 40
"""Rows a round that the peer scores; it takes over ten times as long for each."""
_THERE = ROOT / ".venv" / "bench" / "bin" / "python"

FRAME = "XGBoost, scikit-learn on a DataFrame"
INPLACE = "XGBoost, inplace_predict on one thread"
MEMBERS, TWIN = "dexter, members", "dexter, ONNX twin"
EVERY, SERVED = "dexter, members of the whole champion", "dexter, twin of the champion"
LOOP = "a Python loop of some 100 µs (what the machine does to anyone)"
STEPS = 4_000

Scores = Callable[[Matrix], object]
Times = Mapping[str, list[float]]
"""Seconds of single rows (or of batches), by contestant."""


def measure(folder: Path) -> Part:
    """Score in turns: alone, beside a busy neighbour, and in batches.

    Raises:
        FileNotFoundError: the peer's environment is not set up.
    """
    if not _THERE.exists():
        msg = "scikit-learn is not installed: run `make .venv/.ready-bench`"
        raise FileNotFoundError(msg)
    store = ModelStore(ROOT / "data" / "models", folder)
    champion = store.champion()
    trees = trees_alone(store, champion)
    rows = rows_of(champion)
    whole, some = (_with_twin(store, one) for one in (champion, trees))
    contestants: dict[str, Scores] = {
        INPLACE: partial(inplace, boosters(trees)),
        MEMBERS: some.native,
        TWIN: some.raw,
        EVERY: whole.native,
        SERVED: whole.raw,
        LOOP: _loop,
    }
    _lay_out(folder / "peer", trees, rows)
    with Worker(Entrant(FRAME, "frames", "", _THERE), folder / "peer") as peer:
        quiet = _one_by_one(contestants, peer, rows)
        with busy_neighbour():
            busy = _one_by_one(contestants, peer, rows)
    batches = _at_once({name: contestants[name] for name in (INPLACE, MEMBERS)}, rows)
    gap = max(_gap(model, rows[:SINGLE]) for model in (whole, some))
    figures = "\n\n".join((_single_rows(quiet, busy), _batches(batches, gap)))
    return Part("scoring", figures, _targets(quiet, busy, batches, gap))


def trees_alone(store: ModelStore, champion: Registered) -> Registered:
    """The champion's XGBoost members as a model of their own, in the home."""
    told = champion.manifest
    kept = tuple(member for member in told.members if member.kind == "xgboost")
    files = {member.file: champion.file(member.file) for member in kept}
    manifest: Manifest = told.model_copy(
        update={
            "version": f"{told.version}-xgboost",
            "members": kept,
            "files": {name: told.files[name] for name in files},
            "proofs": (),
        }
    )
    return store.register(manifest, files)


def rows_of(model: Registered) -> Matrix:
    """Rows at and beside the thresholds of a model's trees, some values missing."""
    told = model.manifest
    found = [members.forest(model, member) for member in told.members]
    forests = [forest for forest in found if forest is not None]
    return parity_rows(forests, len(told.inputs), BATCH)


@contextmanager
def busy_neighbour() -> Iterator[None]:
    """A process beside ours that burns a processor."""
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as neighbour:
        try:
            yield
        finally:
            neighbour.kill()


def _with_twin(store: ModelStore, registered: Registered) -> ScoringModel:
    version = registered.manifest.version
    if not store.make_twin(version):
        msg = f"{version} has no twin"
        raise ArithmeticError(msg)
    return store.scoring(registered)


def boosters(trees: Registered) -> list[Any]:
    """The members as XGBoost reads them by itself, on one thread each."""
    found = []
    for member in trees.manifest.members:
        booster = xgboost.Booster({"nthread": 1})
        booster.load_model(bytearray(trees.file(member.file)))
        booster.set_param({"nthread": 1})
        found.append(booster)
    return found


def inplace(models: list[Any], rows: Matrix) -> Array:
    """Raw scores the plain way: the sigmoid of the mean of the margins."""
    said = [
        model.inplace_predict(rows, predict_type="margin", validate_features=False)
        for model in models
    ]
    return np.asarray(1 / (1 + np.exp(-sum(said) / len(said))), dtype=np.float64)


def _loop(_: Matrix) -> None:
    for _step in range(STEPS):
        pass


def _lay_out(folder: Path, trees: Registered, rows: Matrix) -> None:
    """What the peer reads: the members, and the rows asked one by one."""
    folder.mkdir()
    for member in trees.manifest.members:
        (folder / member.file).write_bytes(trees.file(member.file))
    np.save(folder / "rows.npy", rows[:SINGLE])


def _one_by_one(
    contestants: Mapping[str, Scores], peer: Worker, rows: Matrix
) -> dict[str, list[float]]:
    """Every contestant scores the same rows, one at a time, round after round."""
    taken: dict[str, list[float]] = {FRAME: [], **{name: [] for name in contestants}}
    singles = [rows[place : place + 1] for place in range(SINGLE)]
    for score in contestants.values():
        score(singles[0])  # loaded before it is timed
    for _ in range(ROUNDS):
        taken[FRAME] += [peer.run(1) for _ in range(OF_PEER)]
        for name, score in contestants.items():
            for one in singles:
                began = perf_counter()
                score(one)
                taken[name].append(perf_counter() - began)
    return taken


def _at_once(contestants: Mapping[str, Scores], rows: Matrix) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(ROUNDS):
        for name, score in contestants.items():
            began = perf_counter()
            score(rows)
            taken[name].append(perf_counter() - began)
    return taken


def _gap(model: ScoringModel, rows: Matrix) -> float:
    """The largest difference between a twin and its members."""
    alone = [model.raw(rows[place : place + 1])[0] for place in range(len(rows))]
    return float(np.abs(np.array(alone) - model.native(rows)).max())


def _p99(seconds: list[float]) -> float:
    return quantiles(seconds, n=100)[-1]


def _single_rows(quiet: Times, busy: Times) -> str:
    frame = median(quiet[FRAME])
    rows = [
        (
            name,
            f"{median(seconds) * 1e6:,.0f} / {_p99(seconds) * 1e6:,.0f}",
            f"{frame / median(seconds):.1f} ×",
            f"{median(busy[name]) * 1e6:,.0f} / {_p99(busy[name]) * 1e6:,.0f}",
            f"{_p99(busy[name]) / median(seconds):.1f} ×",
        )
        for name, seconds in quiet.items()
    ]
    head = (
        "one row",
        "µs, p50 / p99",
        "as fast as a DataFrame",
        "beside a busy neighbour",
        "its p99 / p50 alone",
    )
    return table(head, rows)


def _batches(batches: Times, gap: float) -> str:
    rows = [
        (name, f"{BATCH / median(seconds):,.0f}") for name, seconds in batches.items()
    ]
    rows.append((f"largest gap of a twin, {SINGLE} rows each", f"{gap:.1e}"))
    return table((f"{BATCH:,} rows at once", "rows/s"), rows)


def _targets(
    quiet: Times, busy: Times, batches: Times, gap: float
) -> tuple[Target, ...]:
    pairs = zip(batches[INPLACE], batches[MEMBERS], strict=True)
    return (
        Target(
            "one row, same trees / scikit-learn on a DataFrame",
            10,
            median(quiet[FRAME]) / median(quiet[TWIN]),
            at_least=True,
        ),
        Target(
            "one row, whole champion / the same",
            10,
            median(quiet[FRAME]) / median(quiet[SERVED]),
            at_least=True,
        ),
        Target(
            "one row, p99 beside a busy neighbour / p50 alone",
            5,
            _p99(busy[SERVED]) / median(quiet[SERVED]),
        ),
        Target(
            "batch, same trees / inplace_predict",
            0.9,
            median(floor / ours for floor, ours in pairs),
            at_least=True,
        ),
        Target("largest gap between twin and members", PARITY, gap, ""),
    )
