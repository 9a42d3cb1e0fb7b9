"""Pictures of what people see, kept as text beside the tests."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

FOLDER = Path(__file__).resolve().parent / "snapshots"


def screen() -> tuple[Console, StringIO]:
    """A terminal a hundred columns wide, and what is printed on it."""
    out = StringIO()
    return Console(width=100, file=out, force_terminal=False), out


def matches(name: str, seen: str, folder: Path = FOLDER) -> bool:
    """Whether the picture is the one kept in a folder.

    To make one anew delete its file and run the test twice; look at it in between.
    """
    path = folder / f"{name}.txt"
    seen = "\n".join(line.rstrip() for line in seen.splitlines()) + "\n"
    if not path.exists():
        path.write_text(seen, "utf-8")
        pytest.fail(f"{path.name} was made; look at it and run again")
    return seen == path.read_text("utf-8")
