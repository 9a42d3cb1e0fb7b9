"""Which way round a page stands, told by the cells that were read on it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from dexter.domain.statement import Cell, Item, Statement

Box = tuple[float, float, float, float]

_LONG = 4
_UPENDED = 1.3
# As every statement prints them, from the top down.
_DOWNWARDS = (
    Item.REVENUE,
    Item.TOTAL_INCOME,
    Item.TOTAL_EXPENSES,
    Item.PROFIT_BEFORE_TAX,
    Item.TAX,
    Item.NET_PROFIT,
    Item.EPS_BASIC,
)


def quarter_turns(statements: Sequence[Statement], page: int) -> int:
    """Quarter turns anticlockwise until the text of a page stands upright.

    A word of a page on its side is taller than wide; which side is up, the order of
    the items tells.
    """
    boxes = list(_boxes(statements, page))
    sideways = sum(y1 - y0 > _UPENDED * (x1 - x0) for x0, y0, x1, y1 in boxes)
    if sideways > len(boxes) / 2:
        return 3 if _along(statements, page, 0) > 0 else 1
    return 2 if _along(statements, page, 1) < 0 else 0


def turned_box(box: Box, size: tuple[float, float], turns: int) -> Box:
    """A box of a page after quarter turns anticlockwise.

    Args:
        box: on the page as it is displayed, from its top left.
        size: width and height of that page.
        turns: how often the page is turned.
    """
    x0, y0, x1, y1 = box
    width, height = size
    match turns % 4:
        case 1:
            return y0, width - x1, y1, width - x0
        case 2:
            return width - x1, height - y1, width - x0, height - y0
        case 3:
            return height - y1, x0, height - y0, x1
    return box


def _boxes(statements: Iterable[Statement], page: int) -> Iterator[Box]:
    """Boxes of values long enough to have a shape."""
    for statement in statements:
        for column in statement.columns.values():
            for cell in column.items.values():
                long = len(cell.printed or "") >= _LONG
                if long and cell.bbox is not None and cell.page == page:
                    yield cell.bbox


def _along(statements: Iterable[Statement], page: int, axis: int) -> int:
    """Pairs of items that follow each other along an axis, less those that do not."""
    votes = 0
    for statement in statements:
        for column in statement.columns.values():
            found = [column.items.get(item) for item in _DOWNWARDS]
            places = [p for c in found if (p := _place(c, page, axis)) is not None]
            votes += sum((b > a) - (b < a) for a, b in combinations(places, 2))
    return votes


def _place(cell: Cell | None, page: int, axis: int) -> float | None:
    if cell is None or cell.bbox is None or cell.page != page:
        return None
    return cell.bbox[axis]
