"""What a study is made of: its specification, and functions over what it finds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.study.page import Section
from pipelines.study.sample import Events
from pipelines.study.spec import Period, Spec

Document = dict[str, Any]
"""Plain values, as they stand in the journal: ``None`` for what is not known."""


@dataclass(frozen=True, slots=True)
class Study:
    """A study that can be run.

    Attributes:
        spec: Preregistered.
        size: How many events a period has to look at; reads no outcome.
        measure: What a period's outcomes say; this reads them.
        conclude: What all periods together come to, by their names.
        verdict: The conclusion in sentences, from the document alone.
        sections: The page below it, likewise.
        pictures: PNGs by name, likewise.
    """

    spec: Spec
    size: Callable[[Spec, Events, Period], int]
    measure: Callable[[Spec, Events, Period], Document]
    conclude: Callable[[Spec, Mapping[str, Document]], Document]
    verdict: Callable[[Document], Sequence[str]]
    sections: Callable[[Document], Sequence[Section]]
    pictures: Callable[[Document], Mapping[str, bytes]]
