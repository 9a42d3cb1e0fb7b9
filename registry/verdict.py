"""What the rule of promotion said of a model, and what was done about it."""

from dataclasses import dataclass
from datetime import datetime

from dexter.errors import PredictorError
from registry.aliases import Act, Alias
from registry.manifest import Manifest
from registry.registered import Registered

_ALL = "all"


@dataclass(frozen=True, slots=True)
class Check:
    """One condition, whether it holds, and its numbers in words."""

    name: str
    ok: bool
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rule says, and why."""

    promote: bool
    reason: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Promoted:
    """A model in charge, what the rule said of it, and whether it has a twin.

    ``changed`` is false for one that was in charge already.
    """

    registered: Registered
    verdict: Verdict
    twin: bool
    changed: bool = True


class PromotionRefusedError(PredictorError):
    """The rule keeps a model from taking charge."""

    def __init__(self, version: str, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(
            f"{version} is not promoted: {verdict.reason}.",
            'Put it in charge all the same with --force --because "…"; that is kept.',
        )


def promotion(
    manifest: Manifest,
    before: str | None,
    verdict: Verdict,
    force: str | None,
    at: datetime | None,
) -> Act:
    """The act of a promotion, by the rule or, where it was forced, by a person."""
    return Act(
        at=at,
        act="promoted",
        alias=Alias.CHAMPION,
        version=manifest.version,
        before=before,
        reason=verdict.reason if force is None else force,
        by="rule" if force is None else "person",
        metrics=headline(manifest),
        checks=tuple(
            f"{'holds' if check.ok else 'fails'}: {check.words}"
            for check in verdict.checks
        ),
    )


def registration(
    manifest: Manifest, champion: str | None, before: str | None, at: datetime | None
) -> Act:
    """The act of a new model: a challenger, or the champion where there is none."""
    first = champion is None
    return Act(
        at=at,
        act="registered",
        alias=Alias.CHAMPION if first else Alias.CHALLENGER,
        version=manifest.version,
        before=None if first else before,
        reason="the first model here" if first else "registered last",
        by="rule",
        metrics=headline(manifest),
    )


def headline(manifest: Manifest) -> dict[str, float]:
    """The few numbers of a model that its acts carry; none where nothing was measured.

    Of all evaluated events: how many, the hits, Brier skill and its lower end.
    """
    found = manifest.measured(_ALL)
    if found is None:
        return {}
    return {
        "events": found.events,
        "hits": found.hits,
        "skill": found.skill.value,
        "skill_low": found.skill.low,
    }
