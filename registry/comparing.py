"""Two models side by side: what they are, what they read, what was measured."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registry.best import METRICS
from registry.manifest import Interval, Manifest, Measured

Fact = str | int | float | None


@dataclass(frozen=True, slots=True)
class FactPair:
    """A fact of each; null where one has none of it."""

    name: str
    first: Fact
    second: Fact

    @property
    def changed(self) -> bool:
        """Whether they differ."""
        return self.first != self.second


@dataclass(frozen=True, slots=True)
class MetricPair:
    """A metric of one group of each; ``difference`` is the second less the first."""

    group: str
    name: str
    first: Interval | float | None
    second: Interval | float | None

    @property
    def difference(self) -> float | None:
        """Null unless both were measured."""
        first, second = _point(self.first), _point(self.second)
        return None if first is None or second is None else second - first

    @property
    def apart(self) -> bool | None:
        """Whether the intervals do not touch; null without two intervals."""
        a, b = self.first, self.second
        if not (isinstance(a, Interval) and isinstance(b, Interval)):
            return None
        return a.high < b.low or b.high < a.low


@dataclass(frozen=True, slots=True)
class Comparison:
    """A first and a second model; inputs are listed in the order they are read."""

    first: str
    second: str
    facts: tuple[FactPair, ...]
    parameters: tuple[FactPair, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    shared: int
    metrics: tuple[MetricPair, ...]

    def changed(self) -> tuple[str, ...]:
        """Names of the facts and parameters that differ, and whether inputs do."""
        pairs = (*self.facts, *self.parameters)
        found = tuple(pair.name for pair in pairs if pair.changed)
        return (*found, "inputs") if self.only_first or self.only_second else found


def compare(first: Manifest, second: Manifest) -> Comparison:
    """Hold two manifests side by side; groups that only one measured are left out."""
    return Comparison(
        first=first.version,
        second=second.version,
        facts=_pairs(_facts(first), _facts(second)),
        parameters=_pairs(first.parameters, second.parameters),
        only_first=tuple(n for n in first.inputs if n not in second.inputs),
        only_second=tuple(n for n in second.inputs if n not in first.inputs),
        shared=len(set(first.inputs) & set(second.inputs)),
        metrics=tuple(_metrics(first, second)),
    )


def _facts(manifest: Manifest) -> dict[str, Fact]:
    return {
        "label": manifest.label,
        "basis": manifest.basis.value,
        "trained until": str(manifest.trained_until),
        "events": manifest.events,
        "hits": manifest.hits,
        "base rate": manifest.base_rate,
        "members": ", ".join(f"{m.kind} {m.weight:g}" for m in manifest.members),
        "rounds": manifest.rounds,
        "seed": manifest.seed,
        "data hash": manifest.data_hash,
        "catalogue hash": manifest.catalogue_hash,
        "code hash": manifest.code_hash,
        "trials": manifest.trials,
        "selection": manifest.selection,
        "embargo": manifest.embargo,
        "split": manifest.split,
        "threshold": manifest.bounds.threshold,
        "skill": manifest.skill.value,
        "edge": manifest.edge.value,
        "software": ", ".join(f"{n} {v}" for n, v in manifest.software.items()),
    }


def _pairs(
    first: Mapping[str, Fact], second: Mapping[str, Fact]
) -> tuple[FactPair, ...]:
    names = dict.fromkeys((*first, *second))
    return tuple(FactPair(name, first.get(name), second.get(name)) for name in names)


def _metrics(first: Manifest, second: Manifest) -> Iterator[MetricPair]:
    for one in first.metrics:
        other = second.measured(one.group)
        if other is not None:
            yield from _measured(one, other)


def _measured(one: Measured, other: Measured) -> Iterator[MetricPair]:
    for name in ("events", "hits", *METRICS):
        pair = MetricPair(one.group, name, _metric(one, name), _metric(other, name))
        if pair.first is not None or pair.second is not None:
            yield pair


def _metric(measured: Measured, name: str) -> Interval | float | None:
    """A metric with its interval where there is one."""
    plain: Interval | float | None = getattr(measured, name)
    return measured.intervals.get(name, plain)


def _point(found: Interval | float | None) -> float | None:
    return found.value if isinstance(found, Interval) else found
