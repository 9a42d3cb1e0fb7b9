"""A feature of many events as one column: values, and why the absent ones are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Code = npt.NDArray[np.uint8]

UNDEFINED = "the inputs at hand do not define it"


@dataclass(frozen=True, slots=True)
class Column:
    """One feature of ``n`` events.

    ``values`` is NaN exactly where ``why`` is not 0; ``why`` k stands for
    ``reasons[k - 1]``. Never an infinity.
    """

    values: Array
    why: Code
    reasons: tuple[str, ...]

    def __len__(self) -> int:
        """Number of events."""
        return len(self.values)

    @classmethod
    def of(cls, values: Array, *absent: tuple[Mask, str]) -> Self:
        """A column, absent where a mask holds; the first mask that does says why.

        Args:
            values: Shape ``(n,)``; what no mask explains and is not finite is absent
                for ``UNDEFINED``.
            absent: Masks of shape ``(n,)`` with their reasons, the telling one first.
        """
        why = np.zeros(len(values), dtype=np.uint8)
        for code, (mask, _) in enumerate(absent, 1):
            # Most masks are empty: an event's row has hundreds of them.
            if mask.any():
                why[mask & (why == 0)] = code
        why[~np.isfinite(values) & (why == 0)] = len(absent) + 1
        known = np.where(why == 0, values, np.nan)
        return cls(known, why, (*(reason for _, reason in absent), UNDEFINED))

    @classmethod
    def nothing(cls, rows: int, reason: str) -> Self:
        """A column of which no value is known."""
        return cls(np.full(rows, np.nan), np.ones(rows, dtype=np.uint8), (reason,))

    def reason(self, row: int) -> str | None:
        """Why a row's value is absent; null where it is known."""
        code = int(self.why[row])
        return self.reasons[code - 1] if code else None

    def rows(self, chosen: Whole) -> Self:
        """The chosen events, in that order."""
        return type(self)(self.values[chosen], self.why[chosen], self.reasons)

    def also(self, *absent: tuple[Mask, str]) -> Self:
        """The same column, absent for further reasons where it was known."""
        why = self.why.copy()
        for code, (mask, _) in enumerate(absent, len(self.reasons) + 1):
            why[mask & (why == 0)] = code
        reasons = (*self.reasons, *(reason for _, reason in absent))
        return type(self)(np.where(why == 0, self.values, np.nan), why, reasons)


def joined(parts: Sequence[Column]) -> Column:
    """Columns of one feature, one below the other."""
    reasons: dict[str, int] = {}
    codes: list[Code] = []
    for part in parts:
        own = [reasons.setdefault(r, len(reasons) + 1) for r in part.reasons]
        codes.append(np.array([0, *own], dtype=np.uint8)[part.why])
    values = np.concatenate([part.values for part in parts])
    return Column(values, np.concatenate(codes), tuple(reasons))


def ratio(above: Array, below: Array) -> Array:
    """``above / below``, NaN where ``below`` is 0 or either is not known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below == 0, np.nan, above / below)
