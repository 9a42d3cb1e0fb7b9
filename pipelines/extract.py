"""Many files read: each once, elsewhere, and none able to harm another."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dexter.domain.statement import Statement
from dexter.errors import DocumentError, DocumentTooLargeError
from dexter.extraction.lines import as_line, as_refusal
from dexter.extraction.result import MAX_BYTES, Extraction
from dexter.ports import Compute
from pipelines.compute import each
from pipelines.ingest.reading import refusal

DOCUMENTS = {".pdf", ".xml", ".html", ".htm", ".xhtml"}

Pictures = Mapping[int, bytes | None]
_Work = tuple[Extraction, Pictures]
Second = Callable[[str, bytes, Extraction], Extraction]


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a file.

    Args:
        index: its place in the order given.
        path: as given.
        line: as ``extract --json`` prints it.
        pictures: PNG of the pages its statements are on, if asked for; none where a
            page could not be drawn.
        same_as: an earlier file of the very same bytes, which was read in its stead.
    """

    index: int
    path: Path
    line: Mapping[str, Any]
    pictures: Pictures = field(default_factory=dict)
    same_as: Path | None = None


@dataclass(frozen=True, slots=True)
class _Key:
    index: int
    path: Path
    sha256: str


def documents(files: Iterable[Path]) -> Iterator[Path]:
    """Files as given; of a folder, the documents in it by name, at any depth."""
    for path in files:
        inside = _inside(path) if path.is_dir() else []
        yield from inside or [path]


def read_each(
    compute: Compute,
    paths: Sequence[Path],
    *,
    draw: bool = False,
    second: Second | None = None,
) -> Iterator[Read]:
    """Read every file, in the order they finish; bytes met twice are read once.

    Args:
        compute: where to read.
        paths: files; what cannot be opened is refused like any other.
        draw: make pictures of the pages with statements.
        second: another reader, given each file's name, bytes and first reading.
    """
    errand = _Errand(paths, second and _Again(compute, second, draw=draw))
    for key, done in each(compute, _read_and_draw if draw else _read, errand.calls()):
        yield from errand.aside()
        yield from errand.ended(key, done)
    yield from errand.aside()


class _Errand:
    """The files of one call: which are read, which wait for a twin, which are told."""

    def __init__(self, paths: Sequence[Path], again: "_Again | None") -> None:
        self._paths = paths
        self._again = again
        self._first: dict[str, Path] = {}
        self._twins: dict[str, list[_Key]] = {}
        # Only of files that may have a twin is the line kept: their size says so.
        self._told: dict[str, Mapping[str, Any] | None] = {}
        self._aside: list[Read] = []

    def calls(self) -> Iterator[tuple[_Key, tuple[str, bytes]]]:
        """What is to be read, made as it is asked for."""
        sizes = Counter(filter(None, map(_size, self._paths)))
        for index, path in enumerate(self._paths):
            try:
                content = _content(path)
            except DocumentError as error:
                line = as_refusal(error, str(path), None)
                self._aside.append(Read(index, path, line))
                continue
            key = _Key(index, path, hashlib.sha256(content).hexdigest())
            if key.sha256 in self._first:
                self._twin(key)
                continue
            self._first[key.sha256] = path
            if sizes[len(content)] > 1:
                self._told[key.sha256] = None
            yield key, (path.name, content)

    def aside(self) -> Iterator[Read]:
        """What needed no reading."""
        while self._aside:
            yield self._aside.pop(0)

    def ended(self, key: _Key, done: Future[_Work]) -> Iterator[Read]:
        """A file that was read, and its twins so far."""
        error = done.exception()
        if error is None:
            found, pictures = done.result()
            if self._again is not None:
                found, pictures = self._again(key.path, found, pictures)
            line = as_line(found, str(key.path))
        else:
            refused = refusal(key.path.name, error)
            line, pictures = as_refusal(refused, str(key.path), key.sha256), {}
        yield Read(key.index, key.path, line, pictures)
        if key.sha256 in self._told:
            self._told[key.sha256] = line
        for twin in self._twins.pop(key.sha256, []):
            yield self._like(twin, line)

    def _twin(self, key: _Key) -> None:
        line = self._told.get(key.sha256)
        if line is None:
            self._twins.setdefault(key.sha256, []).append(key)
        else:
            self._aside.append(self._like(key, line))

    def _like(self, key: _Key, line: Mapping[str, Any]) -> Read:
        said = {**line, "file": str(key.path)}
        return Read(key.index, key.path, said, same_as=self._first[key.sha256])


class _Again:
    """A second reader of what the first has read; what it changes is drawn anew."""

    def __init__(self, compute: Compute, second: Second, *, draw: bool) -> None:
        self._compute = compute
        self._second = second
        self._draw = draw

    def __call__(self, path: Path, found: Extraction, pictures: Pictures) -> _Work:
        """The reading as it stands after both."""
        try:
            content = _content(path)
        except DocumentError:
            return found, pictures  # gone since it was read
        mended = self._second(path.name, content, found)
        if mended is found or not self._draw:
            return mended, pictures
        drawn = self._compute.submit(_drawn, content, mended)
        return mended, pictures if drawn.exception() else drawn.result()


def _inside(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in DOCUMENTS
        and not path.name.startswith(".")
        and path.is_file()
    )


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _content(path: Path) -> bytes:
    """The bytes of a file, never more than a document may have.

    Raises:
        DocumentError: it cannot be opened, or holds too much.
    """
    if path.is_dir():
        raise DocumentError(path.name, "there is no PDF, XML or HTML in this folder")
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise DocumentError(path.name, why) from error
    if len(content) > MAX_BYTES:
        larger = f"larger than {MAX_BYTES // 1_000_000} MB"
        raise DocumentTooLargeError(path.name, larger)
    return content


def _read(name: str, content: bytes) -> _Work:
    # Here, in the process that reads, and in no other.
    from dexter.extraction.document import read  # noqa: PLC0415

    return read(name, content), {}


def _read_and_draw(name: str, content: bytes) -> _Work:
    found, _ = _read(name, content)
    return found, _drawn(content, found)


def _drawn(content: bytes, found: Extraction) -> Pictures:
    from dexter.extraction.pictures.crop import draw_page  # noqa: PLC0415 - as above

    pictures: dict[int, bytes | None] = {}
    for page, statements in _by_page(found).items():
        try:
            pictures[page] = draw_page(content, page, *statements)
        except Exception:  # noqa: BLE001 - the values stand without their picture
            pictures[page] = None
    return pictures


def _by_page(found: Extraction) -> dict[int, list[Statement]]:
    """The statements with a cell on each page, pages in order."""
    pages: dict[int, list[Statement]] = {}
    for statement in found.statements:
        cells = (
            c for column in statement.columns.values() for c in column.items.values()
        )
        for page in {cell.page for cell in cells if cell.bbox and cell.page}:
            pages.setdefault(page, []).append(statement)
    return dict(sorted(pages.items()))
