"""Starting and stopping an experiment over models that can be held side by side."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import ValidationError

from registry.experiment import Experiment, ExperimentError
from registry.manifest import Manifest
from registry.store import ModelStore


def start(
    store: ModelStore,
    name: str,
    arms: Sequence[tuple[str, float]],
    *,
    salt: str | None = None,
    at: datetime | None = None,
) -> Experiment:
    """Put several models in charge, each of its share of the companies.

    Args:
        store: The models.
        name: What the experiment is called.
        arms: Versions with their shares, which add up to 1.
        salt: What companies are dealt out by; the name when none is given, so that an
            experiment begun again with other shares moves as few as it can.
        at: When, for the log.

    Raises:
        ExperimentError: the arms cannot be held side by side, or one runs already.
        UnknownModelError: no model goes by a version.
        IntegrityError: the files of a model do not hold together.
        HomeUnwritableError: the home cannot be written.
    """
    try:
        experiment = Experiment(
            name=name, arms=tuple(arms), salt=salt or name, started=at
        )
    except ValidationError as error:
        why = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise ExperimentError(why) from error
    _hold_alike([store.verify(version).manifest for version, _ in arms])
    store.experiments.begin(experiment)
    return experiment


def _hold_alike(manifests: Sequence[Manifest]) -> None:
    first = manifests[0]
    for other in manifests[1:]:
        for name in ("label", "basis", "catalogue_hash"):
            if getattr(other, name) != getattr(first, name):
                what = name.removesuffix("_hash")
                why = f"{other.version} and {first.version} differ in their {what}"
                raise ExperimentError(why)


def stop(
    store: ModelStore, *, reason: str = "asked for", at: datetime | None = None
) -> Experiment:
    """Stop the experiment that runs; the champion speaks for all again.

    Raises:
        NoExperimentError: none runs.
        HomeUnwritableError: the home cannot be written.
    """
    return store.experiments.end(reason, at)
