"""What a part of the bench reports, as Markdown on screen and in the docs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"


@dataclass(frozen=True, slots=True)
class Target:
    """A promise about a ratio (or seconds): kept when within its limit."""

    what: str
    limit: float
    measured: float
    unit: str = "×"
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the promise is kept."""
        if self.at_least:
            return self.measured >= self.limit
        return self.measured <= self.limit

    def cells(self) -> tuple[str, ...]:
        """The target as a row of a table."""
        sign = "≥" if self.at_least else "≤"
        limit = f"{sign} {self.limit:g} {self.unit}"
        verdict = "met" if self.met else "**missed**"
        return self.what, limit, f"{self.measured:.3g} {self.unit}", verdict


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the bench: its table of figures, and its targets."""

    name: str
    figures: str
    targets: tuple[Target, ...]
    page: Path = PAGE

    def markdown(self) -> str:
        """Both tables."""
        head = ("Target", "Limit", "Measured", "")
        return f"{self.figures}\n\n{table(head, [t.cells() for t in self.targets])}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(part: Part) -> None:
    """Put a part's tables between its markers in its page.

    Raises:
        ValueError: the page has no such markers.
    """
    page = part.page
    text = page.read_text(encoding="utf-8")
    first, last = f"<!-- bench: {part.name} -->", f"<!-- end: {part.name} -->"
    between = re.compile(f"{re.escape(first)}.*{re.escape(last)}", re.DOTALL)
    fresh = f"{first}\n\n{part.markdown()}\n\n{last}"
    text, found = between.subn(lambda _: fresh, text)
    if not found:
        msg = f"{page.name} has no markers for {part.name}"
        raise ValueError(msg)
    page.write_text(text, encoding="utf-8")
