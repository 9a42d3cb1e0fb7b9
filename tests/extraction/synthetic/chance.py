"""Seeded choices: the same seed makes the same page, byte for byte."""

import random
from collections.abc import Mapping
from typing import TypeVar

Choice = TypeVar("Choice")


def chooser(*parts: object) -> random.Random:
    """A generator of its own for every named purpose."""
    return random.Random("/".join(map(str, parts)))  # noqa: S311 - pages, not secrets


def weighted(rng: random.Random, weights: Mapping[Choice, float]) -> Choice:
    return rng.choices(list(weights), list(weights.values()))[0]
