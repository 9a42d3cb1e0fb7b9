"""A registered model at work. Importing this module imports XGBoost."""

from collections.abc import Mapping

import numpy as np
import xgboost

from dexter.domain.alert import FeatureValue
from dexter.ml.calibration import Platt
from dexter.ml.dataset import Array, Matrix
from dexter.ml.inputs import row
from registry.manifest import Manifest
from registry.registered import DamagedModelError, Registered

_DRIFT = 1e-6


class ScoringModel:
    """A registered model, loaded and held against its hash."""

    def __init__(self, registered: Registered) -> None:
        self.manifest: Manifest = registered.manifest
        content = registered.model()
        try:
            self._booster = xgboost.Booster(model_file=bytearray(content))
        except xgboost.core.XGBoostError as error:
            version = self.manifest.version
            raise DamagedModelError(version, "XGBoost cannot read it") from error
        self._booster.set_param({"nthread": 1})
        settings = self.manifest.calibration
        self._calibration = Platt(settings.slope, settings.intercept)

    def raw(self, rows: Matrix) -> Array:
        """Scores before calibration, ``(n, k)`` to ``(n,)``."""
        said = self._booster.inplace_predict(rows, validate_features=False)
        return np.asarray(said, dtype=np.float64)

    def probabilities(self, rows: Matrix) -> Array:
        """Calibrated probabilities, ``(n, k)`` to ``(n,)``."""
        return self._calibration.apply(self.raw(rows))

    def probability(self, features: Mapping[str, FeatureValue]) -> float:
        """Calibrated probability of one event, on one thread."""
        inputs = row(features, self.manifest.inputs)
        return float(self.probabilities(np.array([inputs], dtype=np.float32))[0])

    def prove(self) -> None:
        """Score the manifest's own rows again.

        Raises:
            IntegrityError: a score differs from the one registered.
        """
        proofs = self.manifest.proofs
        rows = np.array([proof.row for proof in proofs], dtype=np.float32)
        gap = np.abs(self.raw(rows) - np.array([proof.raw for proof in proofs]))
        if gap.max(initial=0.0) > _DRIFT:
            what = "it scores its own proofs differently"
            raise DamagedModelError(self.manifest.version, what)
