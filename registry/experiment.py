"""Two or more models in charge at once, each of its share of the companies."""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dexter.errors import PredictorError, UsageError
from registry.manifest import Interval

EXPERIMENTS_FILE = "experiments.jsonl"
_BITS = 52
"""As many as a float tells apart in halves."""

_TOLERANCE = 1e-9
_FEWEST_ARMS = 2


class ExperimentError(UsageError):
    """An experiment that cannot be started or stopped."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The experiment cannot be run like that: {why}.",
            "See it with `dexter models experiment show`.",
        )


class Experiment(BaseModel):
    """Versions with their shares; each company belongs to one of them for good."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(min_length=1)
    arms: tuple[tuple[str, float], ...]
    salt: str
    started: datetime | None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Two arms or more, of different versions, whose shares add up to 1."""
        shares = [share for _, share in self.arms]
        if len({version for version, _ in self.arms}) != len(shares):
            message = "a version stands in two arms"
            raise ValueError(message)
        if len(shares) < _FEWEST_ARMS:
            message = "it needs two arms or more"
            raise ValueError(message)
        if not all(share > 0 for share in shares):
            message = "a share is not above 0"
            raise ValueError(message)
        if not math.isclose(sum(shares), 1, abs_tol=_TOLERANCE):
            message = f"the shares add up to {sum(shares):g}, not to 1"
            raise ValueError(message)
        return self

    def assign(self, symbol: str) -> str:
        """The version that speaks for a company; the same on every machine.

        Weighted rendezvous hashing: each arm draws a number for the company from
        sha256 of salt, symbol and version, and the largest ``-share / ln(draw)`` wins.
        When one arm grows and the others shrink in proportion, companies move only
        into it. Source: Schindelhauer and Schomaker, *Weighted distributed hash
        tables* (2005).
        """
        return max(self.arms, key=lambda arm: self._weight(symbol, *arm))[0]

    def _weight(self, symbol: str, version: str, share: float) -> float:
        text = f"{self.salt}\x00{symbol}\x00{version}"
        head = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        # Half a step inside, so that it is neither 0 nor 1.
        draw = (head >> (64 - _BITS)) + 0.5
        return -share / math.log(draw / (1 << _BITS))


class Step(BaseModel):
    """One line of the log of experiments: one began or ended."""

    model_config = ConfigDict(frozen=True)

    at: datetime | None
    act: Literal["started", "stopped"]
    experiment: Experiment
    reason: str | None = None


def running(steps: Sequence[Step]) -> Experiment | None:
    """The experiment that runs after all steps; null when none does."""
    if not steps or steps[-1].act == "stopped":
        return None
    return steps[-1].experiment


@dataclass(frozen=True, slots=True)
class ArmOutcome:
    """What one arm said and what happened.

    ``rate`` is the share of hits with Wilson's 95 % interval, ``brier`` the mean
    squared error; both are null while no outcome is known. ``waiting`` counts the
    predictions whose outcome is not known yet; they are in nothing else.
    """

    version: str
    events: int
    hits: int
    rate: Interval | None
    mean_probability: float | None
    brier: float | None
    waiting: int


def outcomes_by_arm(
    rows: Iterable[tuple[str, float, bool | None]],
) -> tuple[ArmOutcome, ...]:
    """Count what each version's predictions came to, in order of version.

    Args:
        rows: Version, probability said, and whether it happened (null: not yet known).
    """
    arms: dict[str, list[tuple[float, bool | None]]] = {}
    for version, said, happened in rows:
        arms.setdefault(version, []).append((said, happened))
    return tuple(_outcome(version, arms[version]) for version in sorted(arms))


def _outcome(version: str, said: Sequence[tuple[float, bool | None]]) -> ArmOutcome:
    # numpy comes with it; choosing an arm must not pay for that.
    from dexter.ml.intervals import wilson  # noqa: PLC0415

    known = [(p, happened) for p, happened in said if happened is not None]
    events, hits = len(known), sum(happened for _, happened in known)
    rate = None
    if events:
        found = wilson(hits, events)
        rate = Interval(value=found.value, low=found.low, high=found.high)
    return ArmOutcome(
        version=version,
        events=events,
        hits=hits,
        rate=rate,
        mean_probability=sum(p for p, _ in known) / events if events else None,
        brier=sum((p - h) ** 2 for p, h in known) / events if events else None,
        waiting=len(said) - events,
    )


class NoExperimentError(PredictorError):
    """No experiment runs."""

    exit_code = 2

    def __init__(self) -> None:
        super().__init__(
            "No experiment is running.",
            "Start one with `dexter models experiment start`.",
        )
