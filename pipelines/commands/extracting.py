"""``dexter extract``: statements from files, one JSON line or one block each."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from dexter.console import statements
from dexter.console.terminal import spelled
from dexter.errors import UnsavableError
from dexter.ports import Compute
from pipelines.commands import screen
from pipelines.commands.counting import counting
from pipelines.extract import Read, Second, documents, read_each
from pipelines.runtime import open_compute, settings_here

_REFUSED = "rejected"


def extract(
    files: Iterable[Path],
    *,
    as_json_too: bool,
    show: bool = False,
    out: Path | None = None,
    vision: str | None = None,
) -> int:
    """Read every file; one that refuses, hangs or crashes costs itself only.

    Args:
        files: Documents, or folders of them.
        as_json_too: A JSON line for each file in the order given, in place of blocks
            in the order they finish.
        show: Draw the pages of statements, every cell boxed.
        out: The folder to draw into; the working folder when not given.
        vision: A model to look at pages in doubt; none but the settings' when not
            given.

    Returns:
        The exit code: 3 if a file was refused.

    Raises:
        UnsavableError: pictures cannot be written there.
        ClusterError: the Dask cluster that was asked for cannot be used.
        BlindModelError: the model cannot look at pictures.
        ModelKeyError: the model's provider needs a key, or refuses it.
    """
    settings = settings_here()
    paths = list(documents(files))
    console, progress = screen.out(), screen.err()
    gallery = Gallery(out, progress if as_json_too else console) if show else None
    lines = _Lines() if as_json_too else _Blocks(console)
    failed = 0
    with (
        open_compute(settings) as compute,
        looking(vision or settings.vision_model, compute, progress) as second,
        counting(len(paths), console, progress) as count,
    ):
        for read in read_each(compute, paths, draw=show, second=second):
            refused = read.line["status"] == _REFUSED
            failed += refused
            count.one(refused=refused)
            with count.aside():
                lines.tell(read)
                if gallery:
                    gallery.hang(read)
    return 3 if failed else 0


@contextmanager
def looking(
    model: str | None, compute: Compute, console: Console
) -> Iterator[Second | None]:
    """A model that looks at pages in doubt, if one was asked for; then its run is told.

    Args:
        model: ``anthropic:NAME`` or ``openai:NAME``.
        compute: Where pages are drawn for it.
        console: Where the run is told.
    """
    if model is None:
        yield None
        return
    from pipelines.looking import opened  # noqa: PLC0415 - start-up

    with opened(model, compute) as reader:
        yield reader.mended
    if reader.run_id:
        console.print(f"[dim]looked at by {escape(model)}: run {reader.run_id}[/]")


class Gallery:
    """Pictures in a folder, one name never given to two files.

    Args:
        folder: Made when absent; the working folder when none.
        console: Where their paths are told.
    """

    def __init__(self, folder: Path | None, console: Console) -> None:
        self._folder = folder or Path()
        self._console = console
        self._taken: dict[str, Path] = {}
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnsavableError(self._folder, _why(error)) from error

    def hang(self, read: Read) -> None:
        """Write the pictures of a file, and say where they are.

        Raises:
            UnsavableError: one cannot be written.
        """
        name = self._name(read) if read.pictures else ""
        for page, picture in read.pictures.items():
            place = self._folder / f"{name}-page-{page}.png"
            if picture is None:
                self._say(
                    f"[yellow]–[/] page {page} of {escape(str(read.path))} "
                    "could not be drawn"
                )
                continue
            try:
                place.write_bytes(picture)
            except OSError as error:
                raise UnsavableError(place, _why(error)) from error
            self._say(f"  [dim]page {page}:[/] {escape(str(place))}")

    def _name(self, read: Read) -> str:
        plain = read.path.stem
        name = plain
        if self._taken.setdefault(plain, read.path) != read.path:
            name = f"{plain}-{read.line['sha256'][:8]}"
        return name

    def _say(self, text: str) -> None:
        self._console.print(text, soft_wrap=True)


class _Lines:
    """JSON lines, each as soon as all before it are told."""

    def __init__(self) -> None:
        self._next = 0
        self._waiting: dict[int, str] = {}

    def tell(self, read: Read) -> None:
        self._waiting[read.index] = json.dumps(read.line, ensure_ascii=False)
        while (line := self._waiting.pop(self._next, None)) is not None:
            sys.stdout.write(spelled(line) + "\n")
            self._next += 1
        sys.stdout.flush()


class _Blocks:
    """Blocks for a person, as files finish."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def tell(self, read: Read) -> None:
        if read.same_as is None:
            statements.show(read.line, self._console)
        else:
            statements.show_twin(read.line, str(read.same_as), self._console)


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
