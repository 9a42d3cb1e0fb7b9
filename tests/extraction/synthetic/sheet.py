"""A statement drawn on paper: title, header, rows, notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, product

from tests.extraction.synthetic.heads import HeadLine
from tests.extraction.synthetic.names import Company
from tests.extraction.synthetic.paper import Paper, wide, wrapped
from tests.extraction.synthetic.rows import Level, Row
from tests.extraction.synthetic.style import Style

_MARGIN = 36.0
_LEAST_LABEL = 110.0
_LEADING = 1.18


@dataclass(frozen=True, slots=True)
class Column:
    """One printed column: whose it is, what it is for, and its texts by line."""

    statement: int
    role: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one statement page shows."""

    company: Company
    title: str
    head: Sequence[HeadLine]
    columns: Sequence[Column]
    rows: Sequence[Row]
    notes: Sequence[str]
    split: int | None = None


@dataclass(frozen=True, slots=True)
class _Grid:
    size: float
    serial: float
    label: float
    columns: tuple[float, ...]
    pad: float

    @property
    def edges(self) -> list[float]:
        """Left edges of the number columns, then the right edge of the last."""
        start = _MARGIN + self.serial + self.label
        return list(accumulate(self.columns, initial=start))

    def bold(self, style: Style) -> tuple[str, float]:
        return style.font[1], self.size

    def plain(self, style: Style) -> tuple[str, float]:
        return style.font[0], self.size


def draw(paper: Paper, sheet: Sheet, style: Style) -> bool:
    """Draw a sheet, smaller than asked if it must be; ``False``: it does not fit."""
    parts = _parts(sheet)
    sizes = [style.size - step / 2 for step in range(9) if style.size - step / 2 >= 6]
    for size, air in product(sizes, (style.air, 0.3)):
        look = replace(style, air=air)
        grid = _grid(paper, sheet, look, size)
        if grid is None or any(
            _height(grid, one, look) > paper.height - 40 for one in parts
        ):
            continue
        for index, part in enumerate(parts):
            if index:
                paper.turn()
            _draw(paper, part, look, grid)
        return True
    return False


def _parts(sheet: Sheet) -> list[Sheet]:
    if sheet.split is None:
        return [sheet]
    first, rest = sheet.rows[: sheet.split], sheet.rows[sheet.split :]
    again = f"{sheet.title} (continued)"
    return [
        Sheet(sheet.company, sheet.title, sheet.head, sheet.columns, first, ()),
        Sheet(sheet.company, again, sheet.head, sheet.columns, rest, sheet.notes),
    ]


def _grid(paper: Paper, sheet: Sheet, style: Style, size: float) -> _Grid | None:
    pad = size * 0.55
    bold = style.font[1], size
    wanted = []
    for index, column in enumerate(sheet.columns):
        words = [
            wide(word, bold)
            for line in sheet.head
            for text, first, last in line
            if first == last == index
            for word in text.split()
        ]
        figures = [wide(text, bold) for text in column.texts.values()]
        wanted.append(max([*figures, *words, size * 5.2]) + 2 * pad)
    serial = wide("XVIII", bold) + 2 * pad if style.serial_column else 0.0
    label = paper.width - 2 * _MARGIN - serial - sum(wanted)
    if label < _LEAST_LABEL:
        return None
    most = 46 * size
    spare = max(0.0, label - most) / len(wanted)
    columns = tuple(one + min(spare, 3 * size) for one in wanted)
    label = paper.width - 2 * _MARGIN - serial - sum(columns)
    return _Grid(size, serial, label, columns, pad)


def _label_lines(row: Row, grid: _Grid, style: Style) -> Sequence[str]:
    font = grid.bold(style) if row.bold else grid.plain(style)
    indent = grid.size if row.level is Level.SUB else 0.0
    text = row.label
    if row.number and not style.serial_column:
        stop = "" if row.number[-1] in ".)" else "."
        text = f"{row.number}{stop} {text}"
    return wrapped(text, font, grid.label - 2 * grid.pad - indent)


def _head_lines(
    line: HeadLine, grid: _Grid, style: Style
) -> list[tuple[Sequence[str], int, int]]:
    edges = grid.edges
    return [
        (
            wrapped(text, grid.bold(style), edges[last + 1] - edges[first] - grid.pad),
            first,
            last,
        )
        for text, first, last in line
    ]


def _height(grid: _Grid, sheet: Sheet, style: Style) -> float:
    step = grid.size * _LEADING
    lines = sum(
        max(len(t) for t, _, _ in _head_lines(line, grid, style)) for line in sheet.head
    )
    rows = sum(len(_label_lines(row, grid, style)) for row in sheet.rows)
    gaps = len(sheet.rows) * grid.size * style.air
    return (
        30
        + 9 * step
        + lines * step
        + rows * step
        + gaps
        + 1.5 * step * len(sheet.notes)
    )


def _draw(paper: Paper, sheet: Sheet, style: Style, grid: _Grid) -> None:
    y = _top(paper, sheet, style, grid)
    start = y
    y, crossings = _draw_head(paper, sheet, style, grid, y)
    if style.shaded:
        edges = grid.edges
        paper.shade((edges[0], y, edges[1], y + _body(sheet, style, grid)), 0.82)
    for row in sheet.rows:
        y = _draw_row(paper, sheet, style, grid, (row, y))
        crossings.append((y, "row"))
    _rule(paper, (sheet, style, grid), (start, y), crossings)
    _notes(paper, sheet, style, grid, y)


def _top(paper: Paper, sheet: Sheet, style: Style, grid: _Grid) -> float:
    step, middle = grid.size * _LEADING, paper.width / 2
    y = 40.0
    lines = [sheet.company.name, sheet.company.address, f"CIN: {sheet.company.number}"]
    width = paper.width - 2 * _MARGIN
    for index, text in enumerate(
        (*lines, *wrapped(sheet.title, grid.bold(style), width))
    ):
        font = grid.plain(style) if index in {1, 2} else grid.bold(style)
        paper.text((middle, y), text, font, "centre")
        y += step
    if style.part_heading:
        paper.text((_MARGIN, y), "PART I", grid.bold(style))
    if style.unit_place == "right" and style.unit_words:
        right = paper.width - _MARGIN
        paper.text((right, y), f"({style.unit_words})", grid.bold(style), "right")
    return y + step * 0.5


def _draw_head(
    paper: Paper, sheet: Sheet, style: Style, grid: _Grid, y: float
) -> tuple[float, list[tuple[float, str]]]:
    step, edges = grid.size * _LEADING, grid.edges
    crossings = [(y, "edge")]
    left = _MARGIN + grid.serial + grid.pad
    if style.serial_column:
        paper.text((_MARGIN + grid.pad, y + step), "Sr.", grid.bold(style))
    words = "Particulars"
    if style.unit_place == "particulars" and style.unit_words:
        words += f" ({style.unit_words})"
    for index, text in enumerate(
        wrapped(words, grid.bold(style), grid.label - 2 * grid.pad)
    ):
        paper.text((left, y + step * (index + 1)), text, grid.bold(style))
    for line in sheet.head:
        blocks = _head_lines(line, grid, style)
        for texts, first, last in blocks:
            middle = (edges[first] + edges[last + 1]) / 2
            for index, text in enumerate(texts):
                at = (middle, y + step * (index + 1) - 0.1 * grid.size)
                paper.text(at, text, grid.bold(style), "centre")
        y += step * max(len(texts) for texts, _, _ in blocks) + grid.size * 0.15
        crossings.append((y, "head"))
    crossings[-1] = (y, "edge")
    return y + grid.size * 0.1, crossings


def _body(sheet: Sheet, style: Style, grid: _Grid) -> float:
    lines = sum(len(_label_lines(row, grid, style)) for row in sheet.rows)
    return lines * grid.size * _LEADING + len(sheet.rows) * grid.size * style.air


def _draw_row(
    paper: Paper, sheet: Sheet, style: Style, grid: _Grid, place: tuple[Row, float]
) -> float:
    row, y = place
    step, edges = grid.size * _LEADING, grid.edges
    font = grid.bold(style) if row.bold else grid.plain(style)
    texts = _label_lines(row, grid, style)
    indent = grid.size if row.level is Level.SUB else 0.0
    left = _MARGIN + grid.serial + grid.pad + indent
    if row.number and style.serial_column:
        paper.text((_MARGIN + grid.pad, y + step), row.number, font)
    for index, text in enumerate(texts):
        paper.text((left, y + step * (index + 1)), text, font)
    spare = (len(texts) - 1) * step
    down = {"first": 0.0, "last": spare, "middle": spare / 2}[style.value_line]
    for index, column in enumerate(sheet.columns):
        figure = column.texts.get(row.key or "")
        if figure is None:
            continue
        x = edges[index + 1] - grid.pad
        if style.align == "centre":
            x = (edges[index] + edges[index + 1]) / 2
        mark = (column.statement, row.key or "", column.role)
        paper.text((x, y + step + down), figure, font, style.align, mark)
    return y + len(texts) * step + grid.size * style.air


def _rule(
    paper: Paper,
    what: tuple[Sheet, Style, _Grid],
    span: tuple[float, float],
    crossings: Sequence[tuple[float, str]],
) -> None:
    sheet, style, grid = what
    left, right = _MARGIN, grid.edges[-1]
    if style.rules == "none":
        return
    for y, kind in crossings:
        if kind == "edge" or style.rules == "grid":
            paper.line((left if kind != "head" else grid.edges[0], y), (right, y))
    paper.line((left, span[1]), (right, span[1]))
    if style.rules in {"grid", "columns"}:
        inner = [left + grid.serial] if grid.serial else []
        for x in (left, *inner):
            paper.line((x, span[0]), (x, span[1]))
        for index, x in enumerate(grid.edges):
            paper.line((x, _below_groups(sheet, crossings, index)), (x, span[1]))


def _below_groups(
    sheet: Sheet, crossings: Sequence[tuple[float, str]], index: int
) -> float:
    """Where the rule left of a column begins: under the words that span it."""
    for depth in range(len(sheet.head), 0, -1):
        spans = sheet.head[depth - 1]
        if any(first < index <= last for _, first, last in spans):
            return crossings[depth][0]
    return crossings[0][0]


def _notes(paper: Paper, sheet: Sheet, style: Style, grid: _Grid, y: float) -> None:
    step = grid.size * _LEADING
    y += step
    for text in sheet.notes:
        for line in wrapped(text, grid.plain(style), paper.width - 2 * _MARGIN):
            y += step
            if y > paper.height - 20:
                return
            paper.text((_MARGIN, y), line, grid.plain(style))
