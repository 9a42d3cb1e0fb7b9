"""An alert rule: what must hold, and how loudly it then speaks."""

from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import Field, StrictBool, model_validator

from dexter.domain.alert import Confidence
from dexter.domain.filing import Grade
from dexter.domain.priority import GOOD_SCORE, HIGH_SCORE, LEAST_COVERAGE
from dexter.operating.kinds import Name, Part, Rupees, Score, Share, wrong

Loudness = Literal["high", "medium", "low", "silent"]
"""A priority, or that nothing is to be said."""


def _coverage(said: dict[str, Any]) -> Decimal | None:
    """A score counts only on enough of its parts, unless the file says otherwise."""
    scored = said.get("blockbuster") is not None
    return Decimal(str(LEAST_COVERAGE)) if scored else None


class Rule(Part):
    """A rule holds when all its conditions do; the first one that holds speaks.

    Without conditions it holds for every result. What is not known meets no condition:
    a result without a prediction fails `probability`, `confidence`, `edge` and `skill`.
    """

    name: Name = Field(examples=["watched and liquid"])
    """What it is called in the reasons of alerts; each rule has its own."""
    priority: Loudness = Field(examples=["high"])
    """How loudly it speaks: high, medium or low; silent says nothing at all."""
    blockbuster: Score | None = Field(default=None, examples=[70])
    """The least blockbuster score, 0 to 100."""
    coverage: Share | None = Field(default_factory=_coverage, examples=[0.75])
    """The least share of the score's parts that must be known; 0.5 where
    `blockbuster` is given."""
    probability: Share | None = Field(default=None, examples=[0.1])
    """The least probability of an upper circuit, 0 to 1."""
    confidence: Confidence | None = Field(default=None, examples=["MEDIUM"])
    """The model's least confidence: LOW, MEDIUM, HIGH."""
    grade: Grade | None = Field(default=None, examples=["B"])
    """The least data grade. Best first: A (proven to the last digit), B (within
    rounding), C (neither), imported (rows that nothing was proven of)."""
    grades: tuple[Grade, ...] | None = Field(
        default=None, min_length=1, examples=[["A", "imported"]]
    )
    """Just these data grades, whatever their order."""
    edge: Literal["demonstrated"] | None = Field(
        default=None, examples=["demonstrated"]
    )
    """That the model's edge is demonstrated."""
    skill: Literal["demonstrated"] | None = Field(
        default=None, examples=["demonstrated"]
    )
    """That the model's skill is demonstrated."""
    turnover: Rupees | None = Field(default=None, examples=[10000000])
    """The least turnover in rupees a day, the median of 20 sessions."""
    watched: StrictBool | None = Field(default=None, examples=[True])
    """Only companies that are watched, or with false only the others."""

    @model_validator(mode="after")
    def _of_some_grade(self) -> Self:
        if self.grade and self.grades and not self.allowed:
            why = f"none of its `grades` is {self.grade} or better, as its `grade` asks"
            raise wrong(why)
        return self

    @property
    def allowed(self) -> frozenset[Grade]:
        """The data grades it holds for."""
        best_first = tuple(Grade)
        worst = best_first.index(self.grade) if self.grade else len(best_first)
        return frozenset(self.grades or best_first) & set(best_first[: worst + 1])


DEFAULT_RULES = (
    Rule(
        name="high score, model agrees",
        priority="high",
        blockbuster=Decimal(HIGH_SCORE),
        confidence=Confidence.MEDIUM,
    ),
    Rule(
        name="model confident",
        priority="medium",
        confidence=Confidence.MEDIUM,
    ),
    Rule(
        name="good score",
        priority="medium",
        blockbuster=Decimal(GOOD_SCORE),
    ),
)
"""The same priorities as ``dexter.domain.priority``; high and medium are alerted."""
