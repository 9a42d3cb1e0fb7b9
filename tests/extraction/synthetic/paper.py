"""A canvas that remembers every string it draws, and where."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import reportlab
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

Box = tuple[float, float, float, float]
Mark = tuple[int, str, str]
_RISE = 0.70
_FONTS = Path(reportlab.__file__).parent / "fonts"
for _name in ("Vera", "VeraBd"):
    pdfmetrics.registerFont(TTFont(_name, _FONTS / f"{_name}.ttf"))


@dataclass(frozen=True, slots=True)
class Drawn:
    """One string; ``box`` hugs its digits, in points from the top left.

    ``mark`` says which cell it is: statement, line, column.
    """

    text: str
    page: int
    box: Box
    size: float
    mark: Mark | None = None


class Paper:
    """Pages of one size, drawn from the top left."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.drawn: list[Drawn] = []
        self.page = 1
        self._out = io.BytesIO()
        self._canvas = Canvas(self._out, pagesize=(width, height), invariant=1)

    def text(
        self,
        at: tuple[float, float],
        text: str,
        font: tuple[str, float],
        align: str = "left",
        mark: Mark | None = None,
    ) -> None:
        """Draw one string with its baseline at ``at``."""
        x, y = at
        name, size = font
        width = wide(text, font)
        x -= {"left": 0.0, "centre": width / 2, "right": width}[align]
        self._canvas.setFont(name, size)
        self._canvas.drawString(x, self.height - y, text)
        high, low = (_RISE, 0.0) if any(c.isalnum() for c in text) else (0.4, 0.15)
        box = (x, y - high * size, x + width, y - low * size)
        self.drawn.append(Drawn(text, self.page, box, size, mark))

    def line(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self._canvas.setLineWidth(0.5)
        high = self.height
        self._canvas.line(start[0], high - start[1], end[0], high - end[1])

    def shade(self, box: Box, grey: float) -> None:
        x0, top, x1, bottom = box
        self._canvas.setFillGray(grey)
        self._canvas.rect(
            x0, self.height - bottom, x1 - x0, bottom - top, stroke=0, fill=1
        )
        self._canvas.setFillGray(0)

    def turn(self) -> None:
        """Begin the next page."""
        self._canvas.showPage()
        self.page += 1

    def content(self) -> bytes:
        """The finished PDF."""
        self._canvas.showPage()
        self._canvas.save()
        return self._out.getvalue()


def wide(text: str, font: tuple[str, float]) -> float:
    return float(pdfmetrics.stringWidth(text, *font))


def wrapped(text: str, font: tuple[str, float], width: float) -> Sequence[str]:
    lines: list[str] = simpleSplit(text, *font, width)
    return lines or [""]
