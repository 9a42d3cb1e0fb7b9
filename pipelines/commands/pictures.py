"""What a reviewer looks at: the page, the cells, or the facts as filed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.markup import escape

from dexter.domain.decision import Case
from dexter.domain.statement import Cell, ColumnRole, Item
from dexter.errors import DocumentError, UnsavableError
from dexter.extraction.people.typed import named
from pipelines.commands import screen

Place = tuple[Item, ColumnRole]
_MOST_CELLS = 24
_MOST_PATHS = 6
_MOST_QUOTES = 8


@dataclass(slots=True)
class Pictures:
    """Where pictures were written, and quotations of facts that stand on no page."""

    folder: Path
    page: Path | None = None
    cells: dict[Place, Path] = field(default_factory=dict)
    quotes: dict[Place, str] = field(default_factory=dict)
    trouble: str | None = None


def draw(
    case: Case,
    content: bytes | None,
    folder: Path,
    doubts: Mapping[Place, Sequence[str]],
    page: int | None = None,
) -> Pictures:
    """Draw the page of a statement and its cells, the doubted ones first.

    Args:
        case: the statement.
        content: its document as kept.
        folder: where the pictures go; made when absent.
        doubts: cells that take part in something that does not hold.
        page: another page than the statement's.

    Raises:
        UnsavableError: the folder or a picture cannot be written.
    """
    made = Pictures(folder)
    if content is None:
        made.trouble = "its file is no longer kept"
        return made
    number = page or case.statement.page
    try:
        if number is not None and b"%PDF-" in content[:1024]:
            _pages(made, case, content, number, doubts)
        else:
            _facts(made, case, content, doubts)
    except DocumentError as error:
        made.trouble = error.what
    except OSError as error:
        raise UnsavableError(folder, (error.strerror or str(error)).lower()) from error
    if made.page is None and not made.quotes and made.trouble is None:
        made.trouble = "no page is known; choose one with --page"
    return made


def _pages(
    made: Pictures,
    case: Case,
    content: bytes,
    number: int,
    doubts: Mapping[Place, Sequence[str]],
) -> None:
    from dexter.extraction.pictures import crop  # noqa: PLC0415 - PDFium loads only here
    from dexter.extraction.pictures.upright import quarter_turns  # noqa: PLC0415

    one = case.statement
    made.folder.mkdir(parents=True, exist_ok=True)
    picture = crop.draw_page(content, number, one)
    made.page = made.folder / f"page-{number}.png"
    made.page.write_bytes(picture)
    turns = quarter_turns([one], number)
    wanted = [
        (where, cell)
        for where, cell in _cells(case, doubts)
        if cell.bbox is not None and cell.page == number
    ]
    for where, cell in wanted[:_MOST_CELLS]:
        if cell.bbox is not None:
            path = made.folder / f"{where[0].value}.{where[1].value}.png"
            path.write_bytes(crop.draw(content, number, cell.bbox, turns=turns))
            made.cells[where] = path


def _facts(
    made: Pictures, case: Case, content: bytes, doubts: Mapping[Place, Sequence[str]]
) -> None:
    from dexter.extraction.pictures import crop  # noqa: PLC0415 - lxml loads only here

    for where, cell in list(_cells(case, doubts))[:_MOST_QUOTES]:
        if cell.context and cell.concept:
            made.quotes[where] = crop.quote(content, cell.context, cell.concept)


def _cells(
    case: Case, doubts: Mapping[Place, Sequence[str]]
) -> Iterator[tuple[Place, Cell]]:
    """The doubted cells, then the others of the current column."""
    current = case.statement.columns.get(ColumnRole.CURRENT)
    items = [item for item in Item if current and item in current.items]
    places = [*doubts, *((item, ColumnRole.CURRENT) for item in items)]
    for where in dict.fromkeys(places):
        cell = case.statement.cell(*where)
        if cell is not None:
            yield where, cell


def tell(made: Pictures) -> None:
    """Say on stderr where the pictures are, and what was filed."""
    console = screen.err()
    paths = [path for path in (made.page, *made.cells.values()) if path]
    for path in paths[:_MOST_PATHS]:
        console.print(f"  {path}", markup=False, style="dim")
    if len(paths) > _MOST_PATHS:
        more = len(paths) - _MOST_PATHS
        console.print(
            f"[dim]  … and {more} more cells in {escape(str(made.folder))}[/]"
        )
    for where, text in made.quotes.items():
        console.print(f"  {named(where)}  {text}", markup=False, style="dim")
    if made.trouble:
        console.print(f"[dim]no picture: {escape(made.trouble)}[/]")
