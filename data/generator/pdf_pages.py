"""Drawing: covering letters and statement pages."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from textwrap import wrap

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from documents import Column, Document, Style, columns
from filings import Filing
from history import History
from notes import notes
from pdf_rows import Row, rows
from rupee import rupee_font
from statements import Statement

BOLD = {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold"}
WIDTH, HEIGHT = A4
LEFT, RIGHT = 36.0, WIDTH - 36.0
SIZE, STEP = 7.4, 10.4
SERIAL = 22.0
Face = tuple[str, float]
"""Font name and size."""


def new_canvas(buffer: BytesIO, title: str) -> Canvas:
    """A reproducible canvas that knows the rupee sign."""
    if "Rupee" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Rupee", BytesIO(rupee_font())))
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setTitle(title)
    canvas.setCreator("sample market generator")
    return canvas


def put(
    canvas: Canvas, x: float, y: float, text: str, face: Face, align: str = "left"
) -> None:
    """Draw text; the rupee sign comes from its own font."""
    font, size = face
    pieces = [
        (piece, "Rupee" if piece == "₹" else font)
        for piece in text.replace("₹", "\0₹\0").split("\0")
        if piece
    ]
    width = sum(pdfmetrics.stringWidth(p, f, size) for p, f in pieces)
    x -= {"left": 0.0, "right": width, "centre": width / 2}[align]
    for piece, name in pieces:
        canvas.setFont(name, size)
        canvas.drawString(x, y, piece)
        x += pdfmetrics.stringWidth(piece, name, size)


def letter(canvas: Canvas, document: Document, lines: list[str]) -> None:
    """The covering letter to both exchanges."""
    company, font = document.company, document.style.font
    letterhead(canvas, document.company.name, company.city, font)
    y = HEIGHT - 130
    for line in lines:
        for part in wrap(line, 98) or [""]:
            put(canvas, 60, y, part, (font, 9.5))
            y -= 14
    canvas.showPage()


def letterhead(canvas: Canvas, name: str, city: str, font: str) -> None:
    """Name and registered office."""
    put(canvas, WIDTH / 2, HEIGHT - 60, name.upper(), (BOLD[font], 14), "centre")
    office = f"Registered office: 1 Sample House, {city}, India (a fictional company)"
    put(canvas, WIDTH / 2, HEIGHT - 75, office, (font, 8), "centre")
    canvas.line(LEFT, HEIGHT - 84, RIGHT, HEIGHT - 84)


def statement_page(
    canvas: Canvas, document: Document, filing: Filing, history: History
) -> None:
    """One statement in the Regulation 33 format, with its notes."""
    company, style, quarter = document.company, document.style, document.quarter
    bold = BOLD[style.font]
    put(canvas, WIDTH / 2, HEIGHT - 40, company.name.upper(), (bold, 11), "centre")
    put(
        canvas,
        WIDTH / 2,
        HEIGHT - 52,
        f"Registered office: 1 Sample House, {company.city}, India",
        (style.font, 7),
        "centre",
    )
    review = "Audited" if quarter.audited else "Unaudited"
    span = "quarter and year" if quarter.audited else "quarter"
    revised = "Revised " if document.revision else ""
    title = (
        f"{revised}Statement of {review} {filing.basis.capitalize()} Financial "
        f"Results for the {span} ended {quarter.end:%B %d, %Y}"
    )
    put(canvas, WIDTH / 2, HEIGHT - 67, title, (bold, 8.6), "centre")
    put(canvas, RIGHT, HEIGHT - 79, company.unit.heading, (style.font, 7.5), "right")
    sheet = Sheet(canvas, style, filing, columns(filing, history))
    y = _table(sheet, HEIGHT - 84)
    _notes(canvas, document, filing, y - 12)
    canvas.showPage()


@dataclass(frozen=True)
class Sheet:
    """A statement table being drawn: where, whose, and its columns."""

    canvas: Canvas
    style: Style
    filing: Filing
    shown: list[Column]

    @property
    def edges(self) -> list[float]:
        """Left edges of the money columns, and the last right edge."""
        count = len(self.shown)
        width = 66.0 if count == 4 else 58.0
        return [RIGHT - width * (count - k) for k in range(count + 1)]


def _table(sheet: Sheet, top: float) -> float:
    canvas, filing, style = sheet.canvas, sheet.filing, sheet.style
    edges = sheet.edges
    y = _header(sheet, top)
    lines = [top, y]
    for row in rows(filing.statement, filing.filed, year=filing.quarter.audited):
        y = _row(sheet, row, y)
        lines.append(y)
    if style.ruled:
        for line in lines:
            canvas.line(LEFT, line, RIGHT, line)
        for x in (LEFT, LEFT + SERIAL, *edges):
            canvas.line(x, top, x, y)
    return y


def _header(sheet: Sheet, top: float) -> float:
    canvas, edges, style = sheet.canvas, sheet.edges, sheet.style
    font = BOLD[style.font]
    put(canvas, LEFT + 3, top - 12, "Sr.", (font, SIZE))
    put(canvas, LEFT + SERIAL + 3, top - 12, "Particulars", (font, SIZE))
    size = 6.8 if len(edges) == 5 else 6.2
    words = ("3 months", "Preceding", "Corresponding")
    for place, column in enumerate(sheet.shown):
        centre = (edges[place] + edges[place + 1]) / 2
        head = "Year" if column.year else words[place]
        lines = [head, "ended" if column.year or not place else "3 months ended"]
        lines.append(column.end.strftime(style.dates))
        lines.append("(Audited)" if column.audited else "(Unaudited)")
        for step, line in enumerate(lines):
            put(canvas, centre, top - 9 - 8.6 * step, line, (font, size), "centre")
    return top - 40


def _row(sheet: Sheet, row: Row, y: float) -> float:
    canvas, edges, font = sheet.canvas, sheet.edges, sheet.style.font
    font = BOLD[font] if row.strong else font
    room = edges[0] - LEFT - SERIAL - 6
    label = wrap(row.label, int(room / (SIZE * 0.49)))
    put(canvas, LEFT + 5, y - 8, row.serial, (font, SIZE))
    for step, part in enumerate(label):
        put(canvas, LEFT + SERIAL + 3, y - 8 - step * 8.4, part, (font, SIZE))
    down = STEP + 8.4 * (len(label) - 1)
    if row.item:
        for place, column in enumerate(sheet.shown):
            text = cell(column, row.item, sheet.filing.filed)
            put(
                canvas,
                edges[place + 1] - 4,
                y - down + 2.4,
                text,
                (font, SIZE),
                "right",
            )
    return y - down


def cell(column: Column, item: str, filed: date) -> str:
    """The printed text of one cell: brackets for negatives, a dash for nil."""
    statement, unit = column.statement, column.statement.company.unit
    if item in {"eps_basic", "eps_diluted"}:
        value = statement.eps(filed, diluted=item == "eps_diluted")
        return f"({-value})" if value < 0 else str(value)
    if item.endswith("_ratio"):
        return _ratio(statement, item)
    if item == "other_equity" and not column.year:
        return ""
    ticks = (
        statement.paid_up // unit.tick
        if item == "paid_up"
        else (statement.items.get(item, 0))
    )
    text = unit.printed(ticks)
    return "-" if not ticks else f"({text})" if ticks < 0 else text


def _ratio(statement: Statement, item: str) -> str:
    items = statement.items
    gross = items["gross_npa"] / items["loans"]
    net = items["net_npa"] / (items["loans"] - items["gross_npa"] + items["net_npa"])
    return f"{100 * (gross if item == 'gross_ratio' else net):.2f}%"


def _notes(canvas: Canvas, document: Document, filing: Filing, y: float) -> None:
    font = document.style.font
    put(canvas, LEFT, y, "Notes:", (BOLD[font], 7.2))
    for note in notes(filing):
        for part in wrap(note, 148 if font == "Times-Roman" else 132):
            y -= 8.8
            put(canvas, LEFT, y, part, (font, 7))
    y -= 22
    put(
        canvas,
        RIGHT,
        y,
        "For and on behalf of the Board of Directors",
        (font, 7.5),
        "right",
    )
    put(canvas, RIGHT, y - 24, "Managing Director", (font, 7.5), "right")
    place = f"{document.company.city}, {filing.release.board_date:%B %d, %Y}"
    put(canvas, LEFT, y - 24, place, (font, 7.5))
