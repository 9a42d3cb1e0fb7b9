"""What can learn: deterministic, at ease with absent values, the same row by row."""

import numpy as np
import pytest

from dexter.ml.dataset import Array, Matrix
from dexter.ml.learners import Kind, Learned, Settings, learn
from dexter.ml.logistic import Linear
from tests.ml.making_events import LEAVES, TREES, lesson

KINDS: tuple[tuple[Kind, Settings], ...] = (
    ("xgboost", TREES),
    ("lightgbm", LEAVES),
    ("logistic", {"ridge": 5.0}),
)
EACH = pytest.mark.parametrize(("kind", "settings"), KINDS, ids=[k for k, _ in KINDS])
DATA = lesson()
MATRIX, LABEL, NAMES = DATA.matrix, DATA.label, DATA.names


def trained(
    kind: Kind,
    settings: Settings,
    seed: int = 1,
    matrix: Matrix = MATRIX,
    label: Array = LABEL,
) -> Learned:
    names = [f"x{i}" for i in range(matrix.shape[1])]
    return learn(kind, matrix, label, names, settings, seed)


def content(model: Learned) -> bytes:
    if isinstance(model.content, Linear):
        parts = model.content.coefficients, model.content.means, model.content.scales
        return b"".join(part.tobytes() for part in parts)
    return model.content


@EACH
def test_the_same_bytes_twice(kind: Kind, settings: Settings) -> None:
    one, two = trained(kind, settings), trained(kind, settings)
    assert content(one) == content(two)
    assert one.gains == two.gains
    assert one.log_odds(MATRIX).tobytes() == two.log_odds(MATRIX).tobytes()


@EACH
def test_another_seed_draws_otherwise(kind: Kind, settings: Settings) -> None:
    same = content(trained(kind, settings)) == content(trained(kind, settings, 2))
    assert same == (kind == "logistic")  # which draws nothing


@EACH
def test_what_tells_is_found(kind: Kind, settings: Settings) -> None:
    model = trained(kind, settings)
    said = model.log_odds(MATRIX)
    assert said[LABEL == 1].mean() > said[LABEL == 0].mean() + 1
    gains = {name: model.gains.get(name, 0.0) for name in NAMES}
    assert max(gains, key=gains.__getitem__) == "x0"
    assert model.kind == kind
    assert model.inputs == NAMES


@EACH
def test_a_row_says_the_same_alone_and_among_others(
    kind: Kind, settings: Settings
) -> None:
    model = trained(kind, settings)
    rows = MATRIX[:40]
    alone = [model.log_odds(rows[i : i + 1])[0] for i in range(40)]
    assert model.log_odds(rows).tolist() == alone
    assert model.log_odds(rows).dtype == np.float64


@EACH
def test_absent_values_are_no_hindrance(kind: Kind, settings: Settings) -> None:
    matrix = np.column_stack([MATRIX, np.full(len(MATRIX), np.nan, np.float32)])
    model = trained(kind, settings, matrix=matrix.astype(np.float32))
    nothing = np.full((1, matrix.shape[1]), np.nan, dtype=np.float32)
    assert np.isfinite(model.log_odds(nothing)).all()
    assert model.gains.get("x5", 0.0) == 0


@EACH
def test_constant_inputs_tell_nothing(kind: Kind, settings: Settings) -> None:
    matrix = np.column_stack([MATRIX, np.full(len(MATRIX), 7, np.float32)])
    model = trained(kind, settings, matrix=matrix.astype(np.float32))
    assert model.gains.get("x5", 0.0) == pytest.approx(0)
    only = trained(
        kind, settings, matrix=np.full((400, 1), 7, np.float32), label=LABEL[:400]
    )
    rate = 1 / (1 + np.exp(-only.log_odds(np.full((1, 1), 7, np.float32))))
    assert rate[0] == pytest.approx(LABEL[:400].mean(), abs=0.03)


@EACH
@pytest.mark.parametrize("told", [0.0, 1.0])
def test_one_class_alone_gives_numbers(
    kind: Kind, settings: Settings, told: float
) -> None:
    model = trained(kind, settings, label=np.full(len(LABEL), told))
    said = model.log_odds(MATRIX)
    assert np.isfinite(said).all()
    assert ((said > 0) == (told > 0)).all()
