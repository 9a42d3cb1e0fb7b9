"""The two consoles: answers go to stdout, everything else to stderr."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console

from dexter.console.watching import Lines, LiveTree
from dexter.ports import Watcher


def out() -> Console:
    """Where answers go."""
    return Console(highlight=False, soft_wrap=False)


def err() -> Console:
    """Where progress and errors go."""
    return Console(stderr=True, highlight=False)


def print_json(document: Any) -> None:  # noqa: ANN401 - any JSON document
    """One JSON document on stdout and nothing else."""
    text = (
        document
        if isinstance(document, str)
        else json.dumps(document, ensure_ascii=False, indent=2, default=str)
    )
    sys.stdout.write(f"{text}\n")


@contextmanager
def watching() -> Iterator[Watcher]:
    """A live tree in a terminal, lines elsewhere; both on stderr."""
    console = err()
    if not console.is_terminal:
        yield Lines(console)
        return
    with LiveTree(console) as tree:
        yield tree
