"""Chance that repeats: every draw is named, so any part can be made alone."""

import random


def chance(*parts: object) -> random.Random:
    """A generator of its own for the thing these parts name."""
    return random.Random("|".join(map(str, parts)))  # noqa: S311 - an invented market
