"""The two consoles: answers go to stdout, everything else to stderr."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.text import Text

from dexter.console.terminal import Terminal, spelled
from dexter.console.watching import Lines, LiveTree
from dexter.ports import Watcher
from pipelines.ingest.report import Progress


def out() -> Console:
    """Where answers go."""
    return Terminal(highlight=False, soft_wrap=False)


def err() -> Console:
    """Where progress and errors go."""
    return Terminal(stderr=True, highlight=False)


def print_json(document: Any) -> None:  # noqa: ANN401 - any JSON document
    """One JSON document on stdout and nothing else."""
    text = (
        document
        if isinstance(document, str)
        else json.dumps(document, ensure_ascii=False, indent=2, default=str)
    )
    sys.stdout.write(f"{spelled(text)}\n")


@contextmanager
def bars(
    *, passing: bool = False, timed: bool = False
) -> Iterator[Callable[[Progress], None]]:
    """Progress bars on stderr, one a stage; none outside a terminal.

    Args:
        passing: Wipe them away in the end, where they are not what was asked for.
        timed: Say how fast each goes and how long it will take.
    """
    console = err()
    columns: tuple[ProgressColumn, ...] = (
        TextColumn("{task.description:<27}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    if timed:
        columns = (*columns, _Rate(), TimeRemainingColumn())
    silent = not console.is_terminal
    with Bars(*columns, console=console, transient=passing, disable=silent) as drawn:
        known: dict[str, TaskID] = {}

        def tell(progress: Progress) -> None:
            # "market: prices" is where the stage "market" has come to.
            stage = progress.stage.partition(":")[0]
            if stage not in known:
                known[stage] = drawn.add_task(stage, total=None)
            drawn.update(
                known[stage],
                description=progress.stage,
                completed=progress.done,
                total=progress.total,
            )

        yield tell


class _Rate(ProgressColumn):
    """Steps a second, or a minute where they are slow."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        if not speed:
            return Text("")
        slow = speed < 1
        said = f"{speed * 60:.0f}/min" if slow else f"{speed:.0f}/s"
        return Text(said, style="progress.data.speed")


@contextmanager
def watching() -> Iterator[Watcher]:
    """A live tree in a terminal, lines elsewhere; both on stderr."""
    console = err()
    if not console.is_terminal:
        yield Lines(console)
        return
    with LiveTree(console) as tree:
        yield tree
