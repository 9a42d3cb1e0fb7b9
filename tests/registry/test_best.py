"""Which model is best by a metric, and how two differ."""

from datetime import date
from pathlib import Path

import pytest

from registry.best import (
    METRICS,
    NothingMeasuredError,
    UnknownMetricError,
    ranked,
    value,
)
from registry.comparing import compare
from registry.manifest import Interval, Manifest, Measured
from registry.registered import Registered
from tests.registry.making import better, ensemble, measured, model, store


def registered(version: str, *metrics: Measured, until: int = 1) -> Registered:
    made = model()[0].model_copy(
        update={
            "version": version,
            "metrics": metrics,
            "trained_until": date(2025, 1, until),
        }
    )
    return Registered(made, Path(version), shipped=False, champion=False)


def order(metric: str, *models: Registered, group: str = "all") -> list[str]:
    return [m.manifest.version for m in ranked(models, metric, group)]


def test_more_skill_is_better_and_less_error_is() -> None:
    low = registered("low", measured(skill=(0.1, 0, 0.2), brier=0.02))
    high = registered("high", measured(skill=(0.3, 0, 0.4), brier=0.04))
    assert order("skill", low, high) == ["high", "low"]
    assert order("brier", high, low) == ["low", "high"]


def test_a_ratio_is_best_at_one() -> None:
    def of(version: str, ratio: float) -> Registered:
        spread = Interval(value=ratio, low=0, high=3)
        return registered(version, measured(top_decile_ratio=spread))

    found = order("top_decile_ratio", of("half", 0.5), of("near", 1.1), of("far", 3.0))
    assert found == ["near", "half", "far"]


def test_of_equals_the_newest_and_those_unmeasured_not_at_all() -> None:
    old, new = registered("old", measured()), registered("new", measured(), until=2)
    bare = registered("bare", measured("2024"))
    assert order("skill", old, new, bare) == ["new", "old"]
    assert order("skill", old, bare, group="2024") == ["bare"]


def test_every_metric_has_a_value_or_none() -> None:
    made = model()[0]
    found = {metric: value(made, metric) for metric in METRICS}
    assert found["roc_auc"] == 0.88
    assert found["precision"] is None
    with pytest.raises(UnknownMetricError, match="no metric 'mood'"):
        value(made, "mood")


def test_the_store_loads_the_best(tmp_path: Path) -> None:
    models = store(tmp_path)
    models.register(*model(1))
    second = models.register(*better(model(2))).manifest.version
    found = models.best("upper_circuit_3d")
    assert found.manifest.version == second
    assert not found.champion
    with pytest.raises(NothingMeasuredError, match="No model of another"):
        models.best("another")
    with pytest.raises(NothingMeasuredError, match="its f1 measured on 1999"):
        models.best("upper_circuit_3d", "f1", "1999")


def test_two_models_side_by_side() -> None:
    first, second = model()[0], better(ensemble())[0]
    changed: Manifest = second.model_copy(
        update={"parameters": {"max_depth": 4, "eta": 0.1}, "inputs": first.inputs[:-1]}
    )
    found = compare(first, changed)
    assert set(found.changed()) >= {"members", "max_depth", "eta", "inputs"}
    assert "label" not in found.changed()
    assert found.only_first == (first.inputs[-1],)
    assert found.only_second == ()
    assert found.shared == len(first.inputs) - 1
    skill = next(m for m in found.metrics if m.name == "skill")
    assert skill.difference == pytest.approx(0.05)
    assert skill.apart is False
    eta = next(pair for pair in found.parameters if pair.name == "eta")
    assert (eta.first, eta.second) == (None, 0.1)
    assert compare(first, first).changed() == ()


def test_a_metrics_interval_is_compared_where_it_is_kept() -> None:
    near = {"roc_auc": Interval(value=0.88, low=0.87, high=0.89)}
    far = {"roc_auc": Interval(value=0.93, low=0.92, high=0.94)}
    one, other = (
        model()[0].model_copy(update={"metrics": (measured(intervals=kept),)})
        for kept in (near, far)
    )
    auc = next(m for m in compare(one, other).metrics if m.name == "roc_auc")
    assert auc.apart is True
