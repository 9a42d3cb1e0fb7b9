"""The verdict on a model in sentences, and its numbers as people read them."""

from dexter.domain.alert import Demonstrated
from dexter.ml.intervals import Estimate
from dexter.ml.judgement import Judged
from dexter.ml.sample import VOLATILITY

WORDS = {
    Demonstrated.YES: "demonstrated",
    Demonstrated.NO: "not demonstrated",
}


def skill_sentence(judged: Judged) -> str:
    """The verdict on skill and what it rests on."""
    volatility = judged.against(VOLATILITY)
    said = (
        "not held against a volatility-only model, which the verdict needs"
        if volatility is None
        else f"{spread(volatility.against)} against a volatility-only model"
    )
    return (
        f"Skill is {WORDS[judged.skill]}: {spread(judged.overall.skill)} against the "
        f"base rate, {said}."
    )


def edge_sentence(judged: Judged) -> str:
    """The verdict on edge and what it rests on."""
    found = judged.overall
    if found.earned is None:
        return (
            f"Edge is {WORDS[judged.edge]}: of {found.chosen:,} flagged events "
            f"{found.traded:,} could have been bought, on too few sessions to say."
        )
    beside = (
        f"; that is {spread(found.edge, percent=True)} against buying every event"
        if found.edge
        else ""
    )
    return (
        f"Edge is {WORDS[judged.edge]}: {found.traded:,} flagged events earned "
        f"{spread(found.earned, percent=True)} each after cost, from the first "
        f"tradable price{beside}."
    )


def spread(
    estimate: Estimate | None,
    *,
    signed: bool = True,
    percent: bool = False,
    places: int = 2,
) -> str:
    """A value and its interval: ``+0.17 (0.13 to 0.21)``, ``−0.9% (−1.4% to 0.2%)``.

    A dash for what is not defined.
    """
    if estimate is None:
        return "–"
    value = number(estimate.value, signed=signed, percent=percent, places=places)
    low = number(estimate.low, percent=percent, places=places)
    high = number(estimate.high, percent=percent, places=places)
    return f"{value} ({low} to {high})"


def number(
    value: float, *, signed: bool = False, percent: bool = False, places: int = 2
) -> str:
    """A number as tables say it; percentages keep one place less."""
    kind = f".{places - 1}%" if percent else f".{places}f"
    # No "−0.00": what rounds to nothing has no sign.
    shown = f"{abs(value):{kind}}"
    if not any(digit in shown for digit in "123456789"):
        return shown
    sign = "−" if value < 0 else "+" if signed else ""
    return f"{sign}{shown}"
