"""A registered model at work. Libraries are imported when a score needs them."""

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from dexter.domain.alert import FeatureValue
from dexter.ml.calibration import Platt
from dexter.ml.dataset import Array, Matrix
from dexter.ml.inputs import row
from registry import members
from registry.manifest import Manifest
from registry.registered import DamagedModelError, Registered

DRIFT = 1e-6


class SingleRows(Protocol):
    """What scores a single row in place of the members."""

    def raw(self, row: Matrix) -> Array:
        """Score of one row before calibration, ``(1, k)`` to ``(1,)``."""
        ...


class ScoringModel:
    """A registered model, every file held against its hash.

    With a twin, single rows are scored by it (over ten times as fast, and without
    XGBoost or LightGBM in memory), within 1e-6 of the members themselves; several rows
    are always scored by the members.
    """

    def __init__(self, registered: Registered, twin: SingleRows | None = None) -> None:
        self.manifest: Manifest = registered.manifest
        self._registered = registered
        self._twin = twin
        self._scorers: list[members.Scorer] = []
        settings = self.manifest.calibration
        self._calibration = Platt(settings.slope, settings.intercept)
        self._places = [
            members.places(self.manifest, member) for member in self.manifest.members
        ]
        registered.files()

    def ready(self) -> None:
        """Load what a single row needs, so that the first one need not wait.

        Raises:
            IntegrityError: a member does not read.
        """
        if self._twin is None:
            self._load()

    def raw(self, rows: Matrix) -> Array:
        """Scores before calibration, ``(n, k)`` to ``(n,)``.

        Raises:
            IntegrityError: a member does not read.
        """
        if self._twin is not None and len(rows) == 1:
            return self._twin.raw(rows)
        return self.native(rows)

    def native(self, rows: Matrix) -> Array:
        """Scores before calibration by the members themselves, ``(n, k)`` to ``(n,)``.

        Raises:
            IntegrityError: a member does not read.
        """
        every = list(range(rows.shape[1]))
        said = [
            score(rows if columns == every else np.ascontiguousarray(rows[:, columns]))
            for score, columns in zip(self._load(), self._places, strict=True)
        ]
        return members.combined(said, self.manifest.members)

    def probabilities(self, rows: Matrix) -> Array:
        """Calibrated probabilities, ``(n, k)`` to ``(n,)``."""
        return self._calibration.apply(self.raw(rows))

    def probability(self, features: Mapping[str, FeatureValue]) -> float:
        """Calibrated probability of one event, on one thread."""
        inputs = row(features, self.manifest.inputs)
        return float(self.probabilities(np.array([inputs], dtype=np.float32))[0])

    def prove(self) -> None:
        """Score the manifest's own rows again, by the members and by the twin.

        Raises:
            IntegrityError: a score differs from the one registered.
        """
        proofs = self.manifest.proofs
        if not proofs:
            return
        rows = np.array([proof.row for proof in proofs], dtype=np.float32)
        expected = np.array([proof.raw for proof in proofs])
        if not _near(self.native(rows), expected, DRIFT):
            what = "it scores its own proofs differently"
            raise DamagedModelError(self.manifest.version, what)
        alone = np.array([self.raw(rows[i : i + 1])[0] for i in range(len(rows))])
        if not _near(alone, expected, 2 * DRIFT):
            what = "its twin scores its proofs differently"
            raise DamagedModelError(self.manifest.version, what)

    def _load(self) -> list[members.Scorer]:
        if not self._scorers:
            self._scorers = [
                members.scorer(self._registered, member)
                for member in self.manifest.members
            ]
        return self._scorers


def _near(said: Array, expected: Array, within: float) -> bool:
    # A NaN is near nothing.
    return bool((np.abs(said - expected) <= within).all())
