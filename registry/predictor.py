"""The champion behind ``ports.Predictor``: one row, one thread, one probability."""

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from dexter.domain.alert import (
    Confidence,
    FeatureValue,
    FeatureVector,
    ModelCard,
    Prediction,
)
from dexter.errors import IntegrityError, PredictorError
from dexter.ml.inputs import OWN_FIGURES, known_share
from registry.manifest import Manifest
from registry.registered import Registered
from registry.store import ModelStore

if TYPE_CHECKING:
    from registry.scoring import ScoringModel

_PLACES = Decimal("0.0001")


class ChampionPredictor:
    """Implements ``ports.Predictor`` over the registry's champion, loaded once.

    The interval of a probability is the 95 % interval of what happened to
    out-of-sample events with neighbouring probabilities (day-clustered bootstrap, at
    least as wide as Wilson's), stretched where needed to hold the probability itself.
    It says how well the calibration is known, not how this company will fare.
    """

    def __init__(self, store: ModelStore, *, illustrative: bool = False) -> None:
        self._store = store
        self._illustrative = illustrative
        self._lock = asyncio.Lock()
        self._model: ScoringModel | None = None

    async def card(self) -> ModelCard:
        """What the champion says of itself.

        Raises:
            PredictorError: there is none, or its files are damaged.
        """
        return card(self._registered().manifest)

    async def predict(self, features: FeatureVector) -> Prediction:
        """A calibrated probability beside the model's record.

        Raises:
            PredictorError: no usable champion, another catalogue or basis than it was
                trained on, too little known, or a share without a fixed band.
        """
        model = await self._loaded()
        check(model.manifest, features)
        said = model.probability(features.features)
        return prediction(model.manifest, said, illustrative=self._illustrative)

    def _registered(self) -> Registered:
        try:
            return self._store.champion()
        except IntegrityError as error:
            raise PredictorError(error.sentence, error.hint) from error

    async def _loaded(self) -> "ScoringModel":
        async with self._lock:
            if self._model is None:
                registered = self._registered()
                self._model = await asyncio.to_thread(_load, registered)
            return self._model


def _load(registered: Registered) -> "ScoringModel":
    # XGBoost takes half a second to import: only a run that predicts pays for it.
    from registry.scoring import ScoringModel  # noqa: PLC0415

    try:
        return ScoringModel(registered)
    except IntegrityError as error:
        raise PredictorError(error.sentence, error.hint) from error


def card(manifest: Manifest) -> ModelCard:
    """The short form of a manifest that alerts and answers carry."""
    return ModelCard(
        version=manifest.version,
        label=manifest.label,
        trained_until=manifest.trained_until,
        base_rate=_decimal(manifest.base_rate),
        threshold=_decimal(manifest.bounds.threshold),
        minimum_coverage=manifest.bounds.minimum_coverage,
        skill=manifest.skill,
        edge=manifest.edge,
        evidence_table=manifest.evidence_table,
        basis=manifest.basis,
    )


def check(manifest: Manifest, features: FeatureVector) -> None:
    """Refuse what the model was not trained to judge.

    Raises:
        PredictorError: with the reason in words.
    """
    for problem in (
        _other_features(manifest, features),
        _outside_universe(manifest, features.features),
    ):
        if problem:
            message = f"No probability for {features.symbol}: {problem}."
            raise PredictorError(message)


def _other_features(manifest: Manifest, features: FeatureVector) -> str:
    if features.catalogue_hash != manifest.catalogue_hash:
        return (
            f"its features are of catalogue {features.catalogue_hash}, "
            f"the model's of {manifest.catalogue_hash}"
        )
    if features.basis is not manifest.basis:
        basis = features.basis.value if features.basis else "no"
        return (
            f"its features are on {basis} figures, "
            f"the model was trained on {manifest.basis.value} ones"
        )
    own = features.features[OWN_FIGURES]
    if own.value is None:
        return f"the quarter's own figures are unknown ({own.reason})"
    share = known_share(features.features, manifest.inputs)
    if share < manifest.bounds.minimum_coverage:
        return (
            f"{share:.0%} of the model's inputs are known, "
            f"{manifest.bounds.minimum_coverage:.0%} are needed"
        )
    return ""


def _outside_universe(manifest: Manifest, features: Mapping[str, FeatureValue]) -> str:
    band, turnover = features["has_fixed_band"], features["log_turnover_20"]
    if band.value is None or turnover.value is None:
        return f"band and turnover are unknown ({band.reason or turnover.reason})"
    if not band.value:
        return "futures trade, so there is no fixed upper circuit"
    floor = manifest.bounds.minimum_turnover
    if turnover.value < floor:
        return (
            f"its median turnover of ₹{10**turnover.value:,.0f} a day is below "
            f"the ₹{10**floor:,.0f} the model was trained on"
        )
    return ""


def prediction(manifest: Manifest, said: float, *, illustrative: bool) -> Prediction:
    """A probability with the manifest's record around it."""
    low, high = interval(manifest, said)
    return Prediction(
        label=manifest.label,
        probability=_decimal(said),
        confidence=confidence(manifest, said),
        base_rate=_decimal(manifest.base_rate),
        interval=(_decimal(low), _decimal(high)),
        basis=manifest.basis,
        model_version=manifest.version,
        skill=manifest.skill,
        edge=manifest.edge,
        evidence_table=manifest.evidence_table,
        illustrative=illustrative,
    )


def confidence(manifest: Manifest, said: float) -> Confidence:
    """HIGH from the threshold on, MEDIUM from ``medium_from`` on, else LOW."""
    if said >= manifest.bounds.threshold:
        return Confidence.HIGH
    if said >= manifest.bounds.medium_from:
        return Confidence.MEDIUM
    return Confidence.LOW


def interval(manifest: Manifest, said: float) -> tuple[float, float]:
    """Interval of the out-of-sample rate around a probability, holding it."""
    bins = manifest.reliability
    near = next((b for b in bins if said <= b.high), bins[-1])
    return min(near.rate.low, said), max(near.rate.high, said)


def _decimal(value: float) -> Decimal:
    return Decimal(str(value)).quantize(_PLACES)
