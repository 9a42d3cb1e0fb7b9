"""Features of daily bars: their declaration, and how many sessions they need.

In formulas ``t`` is the last bar known before the event, ``x[t-5]`` the value five
sessions before it, and ``mean(x, n)``, ``max(x, n)`` and so on run over the last ``n``
sessions up to and with ``t``. Prices and shares are adjusted for splits and bonuses up
to ``t``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dexter.domain.evidence import Measure
from dexter.features.columns import Array, Column, Mask
from dexter.features.known import Known
from dexter.features.spec import Category, FeatureSpec

CLOSE = ("close",)

Absences = tuple[tuple[Mask, str], ...]


@dataclass(frozen=True, slots=True)
class Priced:
    """A feature and the sessions without which it has no value."""

    spec: FeatureSpec
    sessions: int


def priced(  # noqa: PLR0913, PLR0917 - a declaration has many parts
    category: Category,
    name: str,
    unit: Measure,
    about: str,
    formula: str,
    sessions: int,
    inputs: tuple[str, ...] = CLOSE,
    *,
    absent: str = "",
    source: str = "",
    model_input: bool = True,
) -> Priced:
    """Declare a feature of bars; too short a history is said for every one."""
    short = "no bar before the event" if sessions == 1 else f"under {sessions} sessions"
    spec = FeatureSpec(
        name=name,
        unit=unit,
        category=category,
        about=about,
        formula=formula,
        inputs=inputs,
        look_back="the last session" if sessions == 1 else f"{sessions} sessions",
        absent=f"{short}; {absent}" if absent else short,
        source=source,
        model_input=model_input,
    )
    return Priced(spec, sessions)


def columns(
    known: Known,
    features: Iterable[Priced],
    values: Mapping[str, Array],
    absent: Mapping[str, Absences],
) -> dict[str, Column]:
    """The features as columns, absent for a short history or for a reason of theirs."""
    return {
        one.spec.name: Column.of(
            values[one.spec.name],
            *known.fewer_than(one.sessions),
            *absent.get(one.spec.name, ()),
        )
        for one in features
    }
