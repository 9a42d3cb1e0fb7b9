"""Recipes: who is a member, with what weight, reading what."""

import numpy as np
import pytest

from dexter.ml.learners import learn
from dexter.ml.recipe import Recipe, candidates, mix, selected
from tests.ml.making_events import LGB, LINE, XGB, lesson

DATA = lesson()


def test_every_kind_weighs_the_same_however_often_it_is_trained() -> None:
    recipe = Recipe("all", (XGB, LGB, LINE)).bagged(3)
    assert [part.seeds for part in recipe.parts] == [3, 3, 1]
    mixed = mix(recipe, DATA.matrix, DATA.label, DATA.names, 7)
    kinds = [member.kind for member in mixed.members]
    assert kinds == ["xgboost"] * 3 + ["lightgbm"] * 3 + ["logistic"]
    assert sum(mixed.weights) == pytest.approx(1)
    for kind in ("xgboost", "lightgbm", "logistic"):
        share = sum(
            weight for k, weight in zip(kinds, mixed.weights, strict=True) if k == kind
        )
        assert share == pytest.approx(1 / 3)


def test_log_odds_are_the_weighted_mean_of_the_members() -> None:
    mixed = mix(Recipe("two", (XGB, LINE)), DATA.matrix, DATA.label, DATA.names, 7)
    alone = [
        learn(part.kind, DATA.matrix, DATA.label, DATA.names, part.settings, 7)
        for part in (XGB, LINE)
    ]
    wanted = np.mean([one.log_odds(DATA.matrix) for one in alone], axis=0)
    assert mixed.log_odds(DATA.matrix) == pytest.approx(wanted)


def test_members_of_one_kind_are_trained_under_seeds_of_their_own() -> None:
    recipe = Recipe("bag", (XGB,)).bagged(3)
    one, two = (
        mix(recipe, DATA.matrix, DATA.label, DATA.names, 7).members for _ in range(2)
    )
    assert len({member.content for member in one}) == 3
    assert [member.content for member in one] == [member.content for member in two]


def test_what_is_selected_keeps_the_order_of_the_dataset() -> None:
    ranked = ("x3", "x0", "x4", "x1", "x2")
    some = selected(DATA, Recipe("two", (XGB,), 2), ranked)
    assert some.names == ("x0", "x3")
    assert np.array_equal(some.matrix, DATA.matrix[:, [0, 3]], equal_nan=True)
    assert selected(DATA, Recipe("all", (XGB,)), ranked) is DATA
    assert selected(DATA, Recipe("more", (XGB,), 99), ranked).names == DATA.names


def test_candidates_have_names_of_their_own_and_the_first_reads_everything() -> None:
    recipes = candidates()
    assert len({recipe.name for recipe in recipes}) == len(recipes)
    assert recipes[0].inputs is None
