"""Models in order of one metric."""

import math
from collections.abc import Iterable

from dexter.errors import PredictorError, UsageError
from registry.manifest import Interval, Manifest
from registry.registered import Registered

METRICS = (
    "skill",
    "edge",
    "earned",
    "roc_auc",
    "pr_auc",
    "brier",
    "log_loss",
    "chosen_rate",
    "precision",
    "recall",
    "f1",
    "lift_10",
    "top_decile_ratio",
)
_LOWER_IS_BETTER = {"brier", "log_loss"}
_ONE_IS_BEST = {"top_decile_ratio"}


class UnknownMetricError(UsageError):
    """Nothing of that name is measured."""

    def __init__(self, metric: str) -> None:
        super().__init__(
            f"There is no metric {metric!r}.", f"There are {', '.join(METRICS)}."
        )


class NothingMeasuredError(PredictorError):
    """No model has the metric."""

    def __init__(self, label: str, metric: str, group: str) -> None:
        super().__init__(
            f"No model of {label} has its {metric} measured on {group}.",
            "See what was measured with `dexter models show`.",
        )


def value(manifest: Manifest, metric: str, group: str = "all") -> float | None:
    """A metric of a group, without its interval; null when it was not measured.

    Raises:
        UnknownMetricError: nothing of that name is measured.
    """
    if metric not in METRICS:
        raise UnknownMetricError(metric)
    found = getattr(manifest.measured(group), metric, None)
    number = found.value if isinstance(found, Interval) else found
    return None if number is None or math.isnan(number) else number


def ranked(
    models: Iterable[Registered], metric: str, group: str = "all"
) -> tuple[Registered, ...]:
    """Those of the models that have the metric, best first; of equals the newest.

    Raises:
        UnknownMetricError: nothing of that name is measured.
    """
    found = [(value(m.manifest, metric, group), m) for m in models]
    known = [(_merit(metric, number), m) for number, m in found if number is not None]
    newest = sorted(known, key=lambda one: one[1].manifest.trained_until, reverse=True)
    return tuple(m for _, m in sorted(newest, key=lambda one: -one[0]))


def _merit(metric: str, number: float) -> float:
    if metric in _ONE_IS_BEST:
        return -abs(math.log(number)) if number > 0 else -math.inf
    return -number if metric in _LOWER_IS_BETTER else number
