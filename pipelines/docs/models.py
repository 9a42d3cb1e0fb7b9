"""docs/models.md: the shipped champion and its out-of-sample record."""

from collections.abc import Iterator
from pathlib import Path

from pipelines.docs.markdown import table
from registry.manifest import Manifest, ReliabilityBin
from registry.store import ModelStore


def blocks(shelf: Path) -> Iterator[str]:
    """The page, block by block.

    Args:
        shelf: The folder of shipped models.
    """
    manifest = ModelStore(shelf, shelf / "nobody").champion().manifest
    yield "# The shipped model"
    yield f"`{manifest.version}` is the champion until another model is promoted."
    yield table(("", ""), _facts(manifest))
    yield "## Its record"
    yield manifest.evidence_table
    yield (
        f"Skill is {_plain(manifest.skill)}: skill asks whether the probabilities beat "
        f"the base rate. Edge is {_plain(manifest.edge)}: edge asks whether buying the "
        "flagged events, after cost and from the first price one could trade at, would "
        "have paid more than buying all of them. Below zero it would have paid less."
    )
    yield "## Where it decides"
    yield _bounds(manifest)
    yield "## What it said, and what happened"
    head = ("said", "events", "mean of what was said", "happened (95 %)")
    yield table(head, map(_bin, manifest.reliability))


def _facts(manifest: Manifest) -> Iterator[tuple[str, str]]:
    yield "label", f"`{manifest.label}`"
    yield "inputs", f"{len(manifest.inputs)} [features](features.md)"
    yield "basis of its figures", manifest.basis.value
    yield "trained on", f"{manifest.events:,} events known by {manifest.trained_until}"
    yield "of them upper circuits", f"{manifest.hits:,} ({manifest.base_rate:.2%})"
    trees = ", ".join(f"{name} {value}" for name, value in manifest.parameters.items())
    yield "trees", f"{manifest.rounds} rounds, seed {manifest.seed}; {trees}"
    yield "software", ", ".join(f"{n} {v}" for n, v in manifest.software.items())


def _bounds(manifest: Manifest) -> str:
    bounds = manifest.bounds
    turnover = 10**bounds.minimum_turnover
    return (
        f"Confidence is HIGH from {bounds.threshold:.1%}, MEDIUM from "
        f"{bounds.medium_from:.1%} and LOW below. The model does not speak when less "
        f"than {bounds.minimum_coverage:.0%} of its inputs are known, or when turnover "
        f"is under ₹{turnover / 100_000:,.0f} lakh a day."
    )


def _bin(one: ReliabilityBin) -> tuple[str, ...]:
    rate = one.rate
    happened = f"{rate.value:.1%} ({rate.low:.1%} to {rate.high:.1%})"
    said = f"{one.low:.1%} to {one.high:.1%}"
    return said, f"{one.events:,}", f"{one.mean:.1%}", happened


def _plain(word: str) -> str:
    return word.replace("_", " ")
