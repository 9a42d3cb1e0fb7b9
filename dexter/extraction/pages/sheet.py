"""Where words were read, and the way from there back to the page as displayed."""

import math
from dataclasses import dataclass

from dexter.domain.statement import Method

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """How upright, straightened points relate to the page as displayed.

    The page was turned by ``turns`` quarter turns anticlockwise and then straightened
    by ``angle`` radians about its centre. ``width`` and ``height`` are the size of the
    displayed page in points.
    """

    width: float
    height: float
    turns: int = 0
    angle: float = 0.0

    @property
    def upright(self) -> tuple[float, float]:
        """Width and height after turning."""
        sideways = self.turns % 2
        return (self.height, self.width) if sideways else (self.width, self.height)

    def straight(self, x: float, y: float) -> tuple[float, float]:
        """A point of the turned page, straightened."""
        return self._spin(x, y, -self.angle)

    def corners(self, box: Box) -> tuple[tuple[float, float], ...]:
        """A straightened box on the turned page, clockwise from its top left."""
        x0, top, x1, bottom = box
        ring = ((x0, top), (x1, top), (x1, bottom), (x0, bottom))
        return tuple(self._spin(x, y, self.angle) for x, y in ring)

    def box_on_page(self, box: Box) -> Box:
        """A straightened box as the box around it on the page as displayed."""
        corners = [self._unturn(x, y) for x, y in self.corners(box)]
        across, down = zip(*corners, strict=True)
        return (
            round(max(0.0, min(across)), 2),
            round(max(0.0, min(down)), 2),
            round(min(self.width, max(across)), 2),
            round(min(self.height, max(down)), 2),
        )

    def _spin(self, x: float, y: float, angle: float) -> tuple[float, float]:
        middle_x, middle_y = (side / 2 for side in self.upright)
        dx, dy = x - middle_x, y - middle_y
        cos, sin = math.cos(angle), math.sin(angle)
        return middle_x + dx * cos - dy * sin, middle_y + dx * sin + dy * cos

    def _unturn(self, x: float, y: float) -> tuple[float, float]:
        wide, tall = self.upright
        match self.turns % 4:
            case 1:
                return tall - y, x
            case 2:
                return wide - x, tall - y
            case 3:
                return y, wide - x
            case _:
                return x, y


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page, who read its words, and how they lie on it.

    Where a statement goes on over the page, ``after`` is the next one, laid under this
    one at ``length`` points.
    """

    page: int
    method: Method = Method.TEXT
    frame: Frame | None = None
    length: float = 0.0
    after: "Sheet | None" = None

    def place(self, box: Box) -> Box:
        """A box of words as a box on its page as displayed, in points."""
        sheet, box = self.under(box)
        return sheet.frame.box_on_page(box) if sheet.frame else box

    def under(self, box: Box) -> "tuple[Sheet, Box]":
        """The page a box is on, and the box there."""
        x0, top, x1, bottom = box
        if self.after is None or top < self.length:
            return self, box
        return self.after, (x0, top - self.length, x1, bottom - self.length)
