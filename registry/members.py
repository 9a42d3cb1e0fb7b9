"""The members of a model, each read from its library's own format; nothing is pickled.

A library is imported when a member of its kind is read, not before.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from pydantic import ValidationError

from dexter.ml.dataset import Array, Matrix
from registry.forest import Forest, UntranslatableError, of_lightgbm, of_xgboost
from registry.logistic import Logistic
from registry.manifest import Manifest, Member
from registry.registered import DamagedModelError, Registered

_END_OF_TREES = "\nend of trees\n"

Scorer = Callable[[Matrix], Array]
"""Log-odds of rows of one member's inputs, ``(n, k)`` to ``(n,)``."""


def scorer(registered: Registered, member: Member) -> Scorer:
    """A member at work on one thread.

    Raises:
        IntegrityError: its file is not what was registered, or does not read.
    """
    content = registered.file(member.file)
    try:
        return _SCORERS[member.kind](content, len(member.inputs))
    except (ValueError, ValidationError) as error:
        what = f"{member.file} cannot be read as {member.kind}"
        raise DamagedModelError(registered.manifest.version, what) from error


def forest(registered: Registered, member: Member) -> Forest | None:
    """A member's trees as columns; null for one without trees.

    Raises:
        UntranslatableError: the trees cannot be told that way.
        IntegrityError: its file is not what was registered.
    """
    content = registered.file(member.file)
    try:
        if member.kind == "xgboost":
            return of_xgboost(bytes(_xgboost_booster(content).save_raw("json")))
        if member.kind == "lightgbm":
            return of_lightgbm(_lightgbm_booster(content).dump_model())
    except LookupError as error:
        message = f"{member.file} is written in another way than is known"
        raise UntranslatableError(message) from error
    return None


def places(manifest: Manifest, member: Member) -> list[int]:
    """Columns of the model's row that a member reads."""
    column = {name: i for i, name in enumerate(manifest.inputs)}
    return [column[name] for name in member.inputs]


def combined(log_odds: Sequence[Array], members: Sequence[Member]) -> Array:
    """The raw score: the sigmoid of the weighted mean of the members' log-odds."""
    total = sum(member.weight for member in members)
    mean = np.zeros_like(log_odds[0])
    for said, member in zip(log_odds, members, strict=True):
        mean += said * (member.weight / total)
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(mean, -500, 500))))


def _xgboost_booster(content: bytes) -> Any:  # noqa: ANN401 - XGBoost ships no types
    import xgboost  # noqa: PLC0415 - a quarter of a second

    if not content:  # XGBoost ends the whole process on an empty file
        message = "it is empty"
        raise ValueError(message)
    try:
        booster = xgboost.Booster(model_file=bytearray(content))
    except xgboost.core.XGBoostError as error:
        message = "XGBoost cannot read it"
        raise ValueError(message) from error
    booster.set_param({"nthread": 1})
    return booster


def _xgboost(content: bytes, width: int) -> Scorer:
    booster = _xgboost_booster(content)
    _hold_width(booster.num_features(), width)

    def score(rows: Matrix) -> Array:
        said = booster.inplace_predict(
            rows, predict_type="margin", validate_features=False
        )
        return np.asarray(said, dtype=np.float64)

    return score


def _lightgbm_booster(content: bytes) -> Any:  # noqa: ANN401 - few of its types are
    import lightgbm  # noqa: PLC0415 - it imports pandas

    text = content.decode()
    if _END_OF_TREES not in text:  # LightGBM reads on past the end of a cut file
        message = "it is cut"
        raise ValueError(message)
    try:
        return lightgbm.Booster(model_str=text)
    except lightgbm.basic.LightGBMError as error:
        message = "LightGBM cannot read it"
        raise ValueError(message) from error


def _lightgbm(content: bytes, width: int) -> Scorer:
    booster = _lightgbm_booster(content)
    _hold_width(booster.num_feature(), width)

    def score(rows: Matrix) -> Array:
        said = booster.predict(rows, raw_score=True, num_threads=1)
        return np.asarray(said, dtype=np.float64)

    return score


def _logistic(content: bytes, width: int) -> Scorer:
    found = Logistic.model_validate_json(content)
    _hold_width(len(found.coefficients), width)
    return found.log_odds


def _hold_width(reads: int, width: int) -> None:
    if reads != width:
        message = f"it reads {reads} inputs, its manifest gives it {width}"
        raise ValueError(message)


_SCORERS: Mapping[str, Callable[[bytes, int], Scorer]] = {
    "xgboost": _xgboost,
    "lightgbm": _lightgbm,
    "logistic": _logistic,
}
