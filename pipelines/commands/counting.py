"""How far a command with many files is: one bar on stderr, in a terminal only."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

_MINUTE = 60


class Counting:
    """A bar over files: done, how fast, how long still, how many refused."""

    def __init__(self, bar: Progress, total: int, results: Console) -> None:
        self._bar = bar
        self._task = bar.add_task("files", total=total, refused=0)
        self._refused = 0
        # Results and the bar meet only where both go to the same screen.
        self._meet = results.is_terminal and not bar.disable

    def one(self, *, refused: bool) -> None:
        """A file is done."""
        self._refused += refused
        self._bar.update(self._task, advance=1, refused=self._refused)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Room for a result: the bar is away while it is printed."""
        if not self._meet:
            yield
            return
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()


@contextmanager
def counting(total: int, results: Console, progress: Console) -> Iterator[Counting]:
    """A bar that is wiped away in the end; none for one file or outside a terminal."""
    columns = (
        TextColumn("reading"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        _Refused(),
    )
    silent = not progress.is_terminal
    with Progress(
        *columns,
        console=progress,
        transient=True,
        disable=silent,
        # Standard output may be a file, and is never the bar's to write to.
        redirect_stdout=False,
        redirect_stderr=False,
        speed_estimate_period=_MINUTE,
    ) as bar:
        yield Counting(bar, total, results)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        if speed is None:
            return Text("")
        if speed >= 1:
            return Text(f"{speed:.0f}/s", style="dim")
        return Text(f"{speed * _MINUTE:.0f}/min", style="dim")


class _Refused(ProgressColumn):
    def render(self, task: Task) -> Text:
        count = task.fields["refused"]
        return Text(f"{count} refused" if count else "", style="yellow")
