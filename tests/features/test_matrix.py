"""Many events at once are each of them alone, whichever features are asked for."""

from dataclasses import fields

import numpy as np
import pytest

from dexter.features.catalogue import BY_NAME, COMPUTE, MODEL_INPUTS, SPECS
from dexter.features.figures import ITEMS
from dexter.features.known import Asked, Sources, see
from dexter.features.matrix import EVERY, FeatureMatrix, blocks, build_matrix
from dexter.features.moments import MINUTE
from dexter.features.spec import Category
from tests.features.worlds import made_up_world


@pytest.fixture(scope="module")
def world() -> Sources:
    return made_up_world()


@pytest.fixture(scope="module")
def asked(world: Sources) -> Asked:
    """Every company at its publications and at moments of no importance."""
    figures = world.figures
    own = np.random.default_rng(3).permutation(len(figures))[:60]
    return Asked(
        company=np.sort(figures.company[own]),
        moment=figures.known_at[own] + np.arange(len(own)) % 3 * 7 * MINUTE,
        quarter=figures.quarter[own],
    )


def assert_same(one: FeatureMatrix, other: FeatureMatrix) -> None:
    assert one.names == other.names
    for name in one.names:
        here, there = one.columns[name], other.columns[name]
        assert here.values.tobytes() == there.values.tobytes(), name
        reasons = [[c.reason(row) for row in range(len(c))] for c in (here, there)]
        assert reasons[0] == reasons[1], name


def part_of(asked: Asked, rows: np.ndarray) -> Asked:
    return Asked(asked.company[rows], asked.moment[rows], asked.quarter[rows])


def test_many_events_are_as_each_one_alone(world: Sources, asked: Asked) -> None:
    whole = build_matrix(world, asked)
    for row in range(0, len(asked), 4):
        alone = build_matrix(world, part_of(asked, np.array([row])))
        assert_same(alone, whole.rows(np.array([row])))


def test_the_order_of_events_changes_nothing(world: Sources, asked: Asked) -> None:
    shuffled = np.random.default_rng(4).permutation(len(asked))
    whole = build_matrix(world, asked)
    assert_same(build_matrix(world, part_of(asked, shuffled)), whole.rows(shuffled))


def test_features_asked_for_are_those_of_all(world: Sources, asked: Asked) -> None:
    names = ("vcp_score", "sue", "rsi_14", "fiscal_quarter")
    some, every = build_matrix(world, asked, names), build_matrix(world, asked)
    assert (some.names, len(some)) == (names, len(asked))
    assert np.array_equal(some.values(), every.values(names), equal_nan=True)
    with pytest.raises(KeyError):
        build_matrix(world, asked, ("alpha",))


def test_blocks_are_the_events_in_their_order(asked: Asked) -> None:
    parts = list(blocks(asked, 7))
    assert {len(part) for part in parts[:-1]} == {7}
    assert np.array_equal(np.concatenate([p.moment for p in parts]), asked.moment)


def test_no_event_has_no_row(world: Sources) -> None:
    none = np.array([], dtype=np.int64)
    assert len(build_matrix(world, Asked(none, none, none))) == 0


def test_every_value_is_a_number_or_has_a_reason(world: Sources, asked: Asked) -> None:
    for name, column in build_matrix(world, asked).columns.items():
        assert (np.isnan(column.values) == (column.why > 0)).all(), name
        assert not np.isinf(column.values).any(), name


@pytest.mark.parametrize("category", Category)
def test_a_category_makes_what_it_declares(
    world: Sources, asked: Asked, category: Category
) -> None:
    declared = [spec.name for spec in SPECS if spec.category is category]
    assert set(COMPUTE[category](see(world, asked))) == set(declared)
    assert declared


def test_declarations_say_everything() -> None:
    assert len(BY_NAME) == len(SPECS) == len(EVERY)
    assert set(MODEL_INPUTS) < set(EVERY)
    for spec in SPECS:
        told = (spec.about, spec.formula, spec.look_back, spec.absent)
        assert all(told), spec.name
        assert spec.inputs or spec.category is Category.SEASONALITY, spec.name


def test_inputs_are_things_that_are_kept(world: Sources) -> None:
    kept = {
        *(f.name for f in fields(type(world.bars))),
        *(f.name for f in fields(type(world.figures))),
        *(f.name for f in fields(type(world.market))),  # type: ignore[arg-type]  # there
        *world.indices,
        *ITEMS,
        *("headlines", "quarter", "events"),
    }
    for spec in SPECS:
        assert set(spec.inputs) <= kept, spec.name
