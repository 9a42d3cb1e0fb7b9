"""A model's trees as ONNX, for single rows, once they were shown to say the same.

Members without trees stay as they are; their arithmetic is small.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dexter.ml.dataset import Array, Matrix
from registry import members, onnx_model
from registry.forest import LEAF, Forest, UntranslatableError, moved
from registry.manifest import Member
from registry.registered import DamagedModelError, Registered
from registry.scoring import ScoringModel

PARITY = 1e-6
PARITY_ROWS = 2000
_SEED = 20180401
_MISSING = 0.15
_FATAL = 4
_FARTHEST = 500.0

_Weighed = tuple[float, members.Scorer | None]


class Twin:
    """The ONNX model at work beside the members that have no trees."""

    def __init__(self, registered: Registered, content: bytes) -> None:
        # Loaded by whoever has a twin to run, never by a listing.
        import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = _FATAL
        try:
            self._session = onnxruntime.InferenceSession(
                content, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # its errors have no common class
            version = registered.manifest.version
            raise DamagedModelError(version, "its twin does not read") from error
        self._members = [
            self._share(registered, member) for member in registered.manifest.members
        ]

    def raw(self, row: Matrix) -> Array:
        """Score of one row before calibration, ``(1, k)`` to ``(1,)``.

        On plain numbers: for one row numpy would take longer than the trees.
        """
        said = iter(self._session.run(None, {onnx_model.ROWS: row}))
        total = 0.0
        for share, rest in self._members:
            log_odds = next(said)[0, 0] if rest is None else rest(row)[0]
            total += share * float(log_odds)
        bounded = min(max(total, -_FARTHEST), _FARTHEST)
        return np.array([1.0 / (1.0 + math.exp(-bounded))])

    def _share(self, registered: Registered, member: Member) -> _Weighed:
        """A member's part of the log-odds, and what scores it outside the trees."""
        share = member.weight / sum(m.weight for m in registered.manifest.members)
        if member.kind != "logistic":
            return share, None
        score = members.scorer(registered, member)
        columns = members.places(registered.manifest, member)
        return share, lambda row: score(row[:, columns])


@dataclass(frozen=True, slots=True)
class Translated:
    """An ONNX model, and the largest gap seen between it and the members."""

    content: bytes
    gap: float
    rows: int


def translate(registered: Registered) -> Translated | None:
    """Write a model's twin and hold it against the model; null when none is to be had.

    There is none for a model without trees, for trees that ONNX cannot tell, and where
    a score differs by more than 1e-6.

    Raises:
        IntegrityError: a member does not read.
    """
    manifest = registered.manifest
    try:
        found = [members.forest(registered, member) for member in manifest.members]
    except UntranslatableError:
        return None
    forests = [
        moved(trees, members.places(manifest, member))
        for trees, member in zip(found, manifest.members, strict=True)
        if trees is not None
    ]
    if not forests:
        return None
    content = onnx_model.model(forests, len(manifest.inputs))
    rows = parity_rows(forests, len(manifest.inputs), PARITY_ROWS)
    proofs = np.array([p.row for p in manifest.proofs], np.float32)
    rows = np.vstack([rows, proofs.reshape(-1, rows.shape[1])])
    twin, native = Twin(registered, content), ScoringModel(registered).native(rows)
    alone = np.array([twin.raw(rows[i : i + 1])[0] for i in range(len(rows))])
    gap = float(np.abs(alone - native).max())
    return Translated(content, gap, len(rows)) if gap <= PARITY else None


def parity_rows(forests: Sequence[Forest], width: int, count: int) -> Matrix:
    """Rows where translations go wrong: at thresholds, next to them, and missing.

    Every value is a threshold of its column, the number just below or above one, or
    one stretched at random; columns nobody asks about are normal.

    Returns:
        Shape ``(count, width)``.
    """
    random = np.random.default_rng(_SEED)
    rows = random.normal(size=(count, width)).astype(np.float32)
    for column in range(width):
        cuts = np.array(
            [
                node.threshold
                for forest in forests
                for node in forest.nodes
                if node.mode != LEAF and node.feature == column
            ],
            np.float32,
        )
        if len(cuts):
            rows[:, column] = _around(random.choice(cuts, count), random)
    rows[random.uniform(size=rows.shape) < _MISSING] = np.nan
    return rows


def _around(cuts: Matrix, random: np.random.Generator) -> Matrix:
    with np.errstate(over="ignore"):
        below = np.nextafter(cuts, np.float32(-np.inf))
        above = np.nextafter(cuts, np.float32(np.inf))
        apart = cuts * random.normal(size=len(cuts)).astype(np.float32)
    found = np.choose(random.integers(4, size=len(cuts)), [cuts, below, above, apart])
    return np.where(np.isfinite(found), found, np.float32(0)).astype(np.float32)
