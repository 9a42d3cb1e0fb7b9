"""Trees of a boosted model as columns, whichever library grew them.

A node sends a row to its ``true`` child where ``value < threshold`` (XGBoost) or
``value <= threshold`` (LightGBM), and where the value is missing and ``missing_true``
says so. What cannot be told that way (categories, zeros that count as missing, linear
leaves) is refused.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

LESS, LESS_OR_EQUAL, LEAF = "BRANCH_LT", "BRANCH_LEQ", "LEAF"
_LEAF_CHILD = -1
_LIGHTGBM_ZERO = 1e-35


class UntranslatableError(ValueError):
    """Trees that the columns cannot tell."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a tree: a question, or a leaf with its ``value`` in log-odds."""

    tree: int
    place: int
    mode: str
    feature: int = 0
    threshold: float = 0.0
    true: int = 0
    false: int = 0
    missing_true: bool = False
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Forest:
    """Log-odds of a row: ``base`` plus the value of the leaf it reaches in each tree.

    ``feature`` counts the inputs of the member, from 0.
    """

    base: float
    nodes: tuple[Node, ...]


def of_xgboost(model: bytes) -> Forest:
    """Trees out of XGBoost's JSON.

    Raises:
        UntranslatableError: another booster or objective, or categories.

    Source: XGBoost's model schema, https://xgboost.readthedocs.io/en/stable/tutorials
    """
    learner = json.loads(model)["learner"]
    booster, objective = learner["gradient_booster"], learner["objective"]["name"]
    if booster["name"] != "gbtree" or objective != "binary:logistic":
        message = f"{booster['name']} for {objective}"
        raise UntranslatableError(message)
    trees = booster["model"]["trees"]
    nodes = [node for i, tree in enumerate(trees) for node in _xgboost_tree(i, tree)]
    return Forest(_base(learner["learner_model_param"]["base_score"]), tuple(nodes))


def _base(score: str) -> float:
    """The log-odds trees are added to, as XGBoost computes it in 32 bits."""
    one = np.float32(1)
    rate = np.float32(score.strip("[]"))
    return float(-np.log(one / rate - one))


def _xgboost_tree(number: int, tree: Mapping[str, Any]) -> Iterator[Node]:
    if any(tree.get("split_type") or ()):
        message = "a split on categories"
        raise UntranslatableError(message)
    left, right = tree["left_children"], tree["right_children"]
    waiting = [0]
    while waiting:  # pruned nodes stay in the columns, out of reach
        place = waiting.pop()
        told = tree["split_conditions"][place]
        if left[place] == _LEAF_CHILD:
            yield Node(number, place, LEAF, value=told)
            continue
        waiting += (right[place], left[place])
        yield Node(
            number,
            place,
            LESS,
            feature=tree["split_indices"][place],
            threshold=told,
            true=left[place],
            false=right[place],
            missing_true=bool(tree["default_left"][place]),
        )


def of_lightgbm(dump: Mapping[str, Any]) -> Forest:
    """Trees out of LightGBM's ``dump_model``.

    Raises:
        UntranslatableError: averaged or linear trees, categories, zeros as missing.
    """
    if dump["average_output"]:
        message = "trees that are averaged"
        raise UntranslatableError(message)
    trees = [info["tree_structure"] for info in dump["tree_info"]]
    nodes = [node for i, tree in enumerate(trees) for node in _lightgbm_tree(i, tree)]
    return Forest(0.0, tuple(nodes))


def _lightgbm_tree(number: int, root: Mapping[str, Any]) -> Iterator[Node]:
    waiting: list[tuple[int, Mapping[str, Any]]] = [(0, root)]
    taken = 1
    while waiting:
        place, node = waiting.pop()
        if "leaf_const" in node:
            message = "a linear leaf"
            raise UntranslatableError(message)
        if "split_feature" not in node:
            yield Node(number, place, LEAF, value=node["leaf_value"])
            continue
        missing_true = _missing_left(node)
        true, false, taken = taken, taken + 1, taken + 2
        waiting += ((false, node["right_child"]), (true, node["left_child"]))
        yield Node(
            number,
            place,
            LESS_OR_EQUAL,
            feature=node["split_feature"],
            threshold=_lightgbm_threshold(node["threshold"]),
            true=true,
            false=false,
            missing_true=missing_true,
        )


def _missing_left(node: Mapping[str, Any]) -> bool:
    kind = node["missing_type"]
    if node["decision_type"] != "<=" or kind not in {"NaN", "None"}:
        message = f"a split by {node['decision_type']} with {kind} missing"
        raise UntranslatableError(message)
    # Where training saw nothing missing, LightGBM reads a missing value as 0.
    return bool(node["default_left"] if kind == "NaN" else node["threshold"] >= 0)


def _lightgbm_threshold(threshold: float) -> float:
    """The 32-bit number that splits 32-bit values as LightGBM does."""
    zero = np.float32(_LIGHTGBM_ZERO)
    if abs(threshold) > float(zero):  # else numpy takes the threshold for 32 bits too
        return _not_above(threshold)
    # Values this near to 0 are read as 0, and go where 0 goes.
    return float(zero if threshold >= 0 else np.nextafter(-zero, np.float32(-np.inf)))


def _not_above(threshold: float) -> float:
    """The greatest 32-bit number not above: it splits 32-bit values the same."""
    most = float(np.finfo(np.float32).max)
    near = np.float32(min(max(threshold, -most), most))
    if float(near) > threshold:
        near = np.nextafter(near, np.float32(-np.inf))
    return float(near)


def moved(forest: Forest, places: Sequence[int]) -> Forest:
    """The forest over other columns: its input ``i`` is found at ``places[i]``."""
    nodes = (
        node if node.mode == LEAF else replace(node, feature=places[node.feature])
        for node in forest.nodes
    )
    return Forest(forest.base, tuple(nodes))
