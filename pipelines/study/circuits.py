"""``blockbuster-circuits``: do blockbuster results lead to circuits and to gains?"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any

from dexter.ml.outcomes import COST
from pipelines.study.spec import Among, Measured, Period, Spec, Test
from pipelines.study.study import Document

GAINS, CIRCUITS = "gains", "circuits"

_ASKED: tuple[tuple[str, Measured, float, bool, str | None], ...] = (
    ("win rate", Measured.WON, 0.5, False, GAINS),
    ("mean return after cost", Measured.NET, 0.0, False, GAINS),
    ("upper-circuit rate, over the rest", Measured.CIRCUIT, 0.0, True, CIRCUITS),
    ("win rate, over the rest", Measured.WON, 0.0, True, None),
    ("from the first tradable price", Measured.AFTER_ENTRY, 0.0, False, None),
    ("from the reaction close", Measured.AFTER_REACTION, 0.0, False, None),
    ("with the reaction", Measured.REACTION, 0.0, False, None),
)

SPEC = Spec(
    name="blockbuster-circuits",
    title="Do blockbuster results lead to upper circuits and to gains?",
    hypothesis=(
        (
            "Results with a blockbuster score of 80 or more are followed by a positive "
            "return over three sessions more often than not, and by one above 0 on "
            "average (the claim of gains)."
        ),
        (
            "They are followed by an upper circuit within three sessions more often "
            "than other results (the claim of circuits)."
        ),
    ),
    sample=(
        (
            "Dated results of companies whose median daily turnover over 20 "
            "sessions, as known at publication, was ₹25 lakh or more (all) or ₹5 "
            "crore or more (liquid), with at least two of the four components of the "
            "score known."
        ),
        (
            "The score is as of publication, on standalone figures, ranked among the "
            "results of the season that were public by then."
        ),
        (
            "An event without a price at which one could have bought has no return; it "
            "is counted. Circuits are of shares with a fixed price band."
        ),
    ),
    variables={
        "won": "whether net is above 0",
        "net": "return from the first tradable open after publication to the close of "
        "session 2, after 0.5 % of cost",
        "after_entry": "the same before cost, less the market's from the close before "
        "that open",
        "after_reaction": "return from the close of session 0 to that of session 3, "
        "less the market's, before cost",
        "reaction": "return from the close before session 0 to that of session 2, less "
        "the market's: part of it before anybody could have bought",
        "circuit": "whether session 0, 1 or 2 closed at the upper limit, by inference",
    },
    tests=tuple(
        Test(name, about, among, null, against_rest=rest, claim=claim)
        for among, (name, about, null, rest, claim) in product(Among, _ASKED)
    ),
    periods=(
        Period("development", date(2018, 1, 1), date(2023, 12, 31)),
        Period("locked", date(2024, 1, 1), date(2025, 6, 30), locked=True),
    ),
    decision=(
        (
            "Intervals redraw whole sessions; p values are two-sided, clustered by "
            "session, and adjusted by Holm over all 14 tests of a period."
        ),
        (
            "A claim is supported when in the locked period every test of it lies "
            "above its null with an adjusted p of 0.05 or less and in the "
            "development period on the same side; contradicted when one of them lies "
            "as clearly below; otherwise not shown."
        ),
        "A test of fewer than 200 blockbusters decides nothing.",
    ),
    seen_before=(
        (
            "These outcomes, those of the locked period included, were looked at in "
            "coarse form while this was planned: 3.26 % of all events saw an upper "
            "circuit within three sessions, 41.7 % a positive three-day return, the "
            "tenth with the highest growth of earnings per share rose 3.07 points "
            "more than the rest including the announcement and 0.01 points more "
            "after the reaction close, and the rate of circuits by year was known. "
            "Models were trained and judged on them too."
        ),
        (
            "No record says that the blockbuster score was held against them, but "
            "for the development period, on which this code was tried. So the lock "
            "keeps tests from being chosen after the fact; it does not make the "
            "period unseen."
        ),
    ),
    numbers={
        "score": 80.0,
        "coverage": 0.5,
        "universe_crore": 0.25,
        "liquid_crore": 5.0,
        "fewest": 200.0,
        "level": 0.05,
        "cost": COST,
        "rate_to_show": 0.55,
        "mean_to_show": 0.005,
        "resamples": 2000.0,
        "seed": 20240101.0,
    },
)


def conclude(spec: Spec, found: Mapping[str, Document]) -> Document:
    """The verdict on each claim, by the rule that was written down."""
    locked = next(period.name for period in spec.periods if period.locked)
    before = next(period.name for period in spec.periods if not period.locked)
    level = spec.numbers["level"]
    verdicts = [
        {
            "claim": claim,
            "among": among.value,
            "verdict": _verdict(
                _of(found[locked], claim, among),
                _of(found[before], claim, among),
                level,
            ),
        }
        for claim, among in product((GAINS, CIRCUITS), Among)
    ]
    return {"claims": verdicts}


def _of(found: Document, claim: str, among: Among) -> list[dict[str, Any]]:
    return [
        test
        for test in found["tests"]
        if test["claim"] == claim and test["among"] == among.value
    ]


def _verdict(
    locked: Sequence[Mapping[str, Any]],
    before: Sequence[Mapping[str, Any]],
    level: float,
) -> str:
    if not all(test["enough"] for test in locked):
        return "too_few"
    if any(test["holm"] <= level and test["direction"] < 0 for test in locked):
        return "contradicted"
    above = all(test["holm"] <= level and test["direction"] > 0 for test in locked)
    same = all(test["direction"] > 0 for test in before)
    return "supported" if above and same else "not_shown"
