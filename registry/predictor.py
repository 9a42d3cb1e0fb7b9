"""The champion behind ``ports.Predictor``: one row, one thread, one probability.

While an experiment runs, the arm a company belongs to speaks in the champion's place.
"""

import asyncio
import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from dexter.domain.alert import (
    Confidence,
    FeatureValue,
    FeatureVector,
    ModelCard,
    Prediction,
)
from dexter.domain.moment import IST
from dexter.errors import IntegrityError, PredictorError
from dexter.ml.inputs import OWN_FIGURES, known_share
from registry.experiment import Experiment
from registry.manifest import Manifest, Range
from registry.store import ModelStore

if TYPE_CHECKING:
    from registry.scoring import ScoringModel

_PLACES = Decimal("0.0001")
_MOST_WEIGHING = 10


class ChampionPredictor:
    """Implements ``ports.Predictor`` over the registry's champion.

    Who speaks is settled at the first question and each model is loaded once: what is
    promoted, started or stopped afterwards counts for the next predictor.

    The interval of a probability is the 95 % interval of what happened to
    out-of-sample events with neighbouring probabilities (day-clustered bootstrap, at
    least as wide as Wilson's), stretched where needed to hold the probability itself.
    It says how well the calibration is known, not how this company will fare.
    """

    def __init__(self, store: ModelStore, *, illustrative: bool = False) -> None:
        self._store = store
        self._illustrative = illustrative
        self._lock = asyncio.Lock()
        self._experiment: Experiment | None = None
        self._settled = False
        self._models: dict[str, ScoringModel] = {}

    async def card(self) -> ModelCard:
        """What the champion says of itself, an experiment or not.

        Raises:
            PredictorError: there is none, or its files are damaged.
        """
        try:
            return card(self._store.champion().manifest)
        except IntegrityError as error:
            raise PredictorError(error.sentence, error.hint) from error

    async def predict(self, features: FeatureVector) -> Prediction:
        """A calibrated probability beside the record of the model that said it.

        Raises:
            PredictorError: no usable model, another catalogue or basis than it was
                trained on, too little known, or a share without a fixed band.
        """
        try:
            model = await self._loaded(features.symbol)
            check(model.manifest, features)
            said = model.probability(features.features)
        except IntegrityError as error:
            raise PredictorError(error.sentence, error.hint) from error
        day = features.as_of.astimezone(IST).date()
        told = prediction(model.manifest, said, illustrative=self._illustrative)
        return replace(
            told,
            in_sample=day <= model.manifest.trained_until,
            weighing=weighing(model.manifest, features.features),
        )

    async def _loaded(self, symbol: str) -> "ScoringModel":
        async with self._lock:
            if not self._settled:
                self._experiment = self._store.experiment()
                self._settled = True
            arm = self._experiment.assign(symbol) if self._experiment else ""
            if arm not in self._models:
                self._models[arm] = await asyncio.to_thread(self._load, arm)
            return self._models[arm]

    def _load(self, version: str) -> "ScoringModel":
        """A version ready to speak; the champion without one."""
        store = self._store
        model = store.scoring(store.show(version) if version else store.champion())
        model.ready()
        return model


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
        *(_outside_range(one, features.features) for one in manifest.universe),
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


def _outside_range(bounds: Range, features: Mapping[str, FeatureValue]) -> str:
    found = features.get(bounds.name)
    if found is None or found.value is None:
        why = f" ({found.reason})" if found and found.reason else ""
        return f"{bounds.name} is unknown{why}"
    low = -math.inf if bounds.low is None else bounds.low
    high = math.inf if bounds.high is None else bounds.high
    return "" if low <= found.value <= high else bounds.outside


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
        trained_until=manifest.trained_until,
    )


def weighing(
    manifest: Manifest, features: Mapping[str, FeatureValue]
) -> tuple[str, ...]:
    """The known features that weigh most in the model, most first."""
    known = (n for n, _ in manifest.importances if features[n].value is not None)
    return tuple(islice(known, _MOST_WEIGHING))


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
