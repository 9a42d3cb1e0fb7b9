"""Recipes: named, levelled damage, alone or as offices and phones combine it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tests.extraction.synthetic import marks
from tests.extraction.synthetic.bind import Binding, bind
from tests.extraction.synthetic.case import Case
from tests.extraction.synthetic.chance import chooser
from tests.extraction.synthetic.damage import ACTS
from tests.extraction.synthetic.sheetscan import Shot, shots
from tests.extraction.synthetic.truth import Box, Printed, Token, Truth

PLAIN = Binding()
DPI = (200, 150, 120, 100)
_FLAGS = (90, 180, 270)
MARKED = ("stamp", "signature")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is done to every page of a file, in order; ``name`` is its table row."""

    name: str
    dpi: int
    steps: tuple[tuple[str, int], ...] = ()
    binding: Binding = PLAIN


def single(name: str, level: int, dpi: int = 150) -> Recipe:
    """One damage alone."""
    return Recipe(f"{name} {level}", dpi, ((name, level),))


def _bound(name: str, binding: Binding) -> Recipe:
    return Recipe(name, 150, (), binding)


def _singles() -> list[Recipe]:
    found = [Recipe(f"clean, {dpi} DPI", dpi) for dpi in DPI]
    names = (*ACTS, *MARKED, "punch holes")
    found += [single(name, level) for name in names for level in (1, 2, 3)]
    found += [_bound(f"/Rotate {turn}", Binding(flag=turn)) for turn in _FLAGS]
    found.append(_bound("colour", Binding(grey=False)))
    found.append(_bound("page twice its size", Binding(scale=2.08)))
    found.append(_bound("page half its size", Binding(scale=0.55)))
    found.append(_bound("lying text layer", Binding(lies=True)))
    return found


SINGLES: Sequence[Recipe] = tuple(_singles())
MIXES: Mapping[str, float] = {"office": 6, "copier": 3, "phone": 3, "old copy": 2}


def mixed(rng: random.Random) -> Recipe:
    """A combination as it comes from an office, a copier, a phone, an archive."""
    name = rng.choices(list(MIXES), list(MIXES.values()))[0]
    low, often = rng.choice((1, 1, 2)), rng.random() < 0.5
    steps: list[tuple[str, int]] = []
    if often:
        steps.append(rng.choice((("stamp", 1), ("signature", 1), ("stamp", 2))))
    if name == "office":
        steps += [("skew", low), ("grain", 1)]
    elif name == "copier":
        steps += [("streaks", 1), ("skew", low), ("speckle", 1), ("black and white", 1)]
    elif name == "phone":
        steps += [("perspective", low), ("uneven light", low), ("blur", 1)]
        steps.append(("jpeg", low))
    else:
        steps += [("bleed-through", 1), ("folds", low), ("low contrast", low)]
        steps += [("punch holes", 1), ("skew", 1)]
    if rng.random() < 0.08:
        steps.append(("stored turned", rng.choice((1, 2))))
    binding = Binding(
        quality=rng.choice((50, 65, 80)),
        grey=rng.random() < 0.5,
        lies=rng.random() < 0.2 and all(s[0] != "stored turned" for s in steps),
        flag=rng.choices((0, *_FLAGS), (12, 1, 1, 1))[0],
    )
    dpi = rng.choices(DPI, (4, 5, 2, 1))[0]
    return Recipe(f"{name}, {dpi} DPI", dpi, tuple(steps), binding)


def scan(case: Case, recipe: Recipe) -> Case:
    """The case as a scanned file; its truth moves with its pages."""
    rng = chooser("scan", case.seed, recipe.name)
    made = []
    for number, shot in enumerate(shots(case.content, recipe.dpi), start=1):
        figures = [
            token.box
            for one in case.truths
            for token in one.tokens
            if token.page == number
        ]
        for name, level in recipe.steps:
            shot = _applied(shot, rng, (name, level), figures)  # noqa: PLW2901 - a chain
        made.append(shot)
    content = bind(rng, made, recipe.binding, case.drawn)
    scale = recipe.binding.scale
    truths = tuple(_moved(one, made, scale) for one in case.truths)
    traits = (*case.traits, f"scan {recipe.name}")
    return replace(case, content=content, truths=truths, traits=traits)


def _applied(
    shot: Shot, rng: random.Random, step: tuple[str, int], figures: Sequence[Box]
) -> Shot:
    name, level = step
    if name == "stamp":
        return marks.stamp(shot, rng, level, figures)
    if name == "signature":
        return marks.signature(shot, rng, level, figures)
    if name == "punch holes":
        return marks.holes(shot, rng, level)
    return ACTS[name](shot, rng, level)


def _moved(truth: Truth, made: Sequence[Shot], scale: float) -> Truth:
    def moved(token: Token) -> Token:
        shot = made[token.page - 1]
        x0, top, x1, bottom = (
            side * 72 / shot.dpi * scale for side in shot.box(token.box)
        )
        return replace(token, box=(x0, top, x1, bottom))

    def all_moved(printed: Printed) -> Printed:
        return {place: tuple(map(moved, tokens)) for place, tokens in printed.items()}

    return replace(
        truth,
        cells=all_moved(truth.cells),
        parts=all_moved(truth.parts),
        tokens=tuple(map(moved, truth.tokens)),
    )
