"""A feature of many events as one column: values, and why the absent ones are."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import Self

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Code = npt.NDArray[np.uint8]

UNDEFINED = "the inputs at hand do not define it"

_ABSENT = np.array([nan])
_CODES = np.arange(256, dtype=np.uint8).reshape(256, 1)
_ABSENT.flags.writeable = _CODES.flags.writeable = False


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
        reasons = (*[reason for _, reason in absent], UNDEFINED)
        if len(values) == 1:
            return cls(*_of_one(values, absent), reasons)
        why = np.zeros(len(values), dtype=np.uint8)
        for code, (mask, _) in enumerate(absent, 1):
            if np.count_nonzero(mask):
                why[mask & (why == 0)] = code
        why[~np.isfinite(values) & (why == 0)] = len(reasons)
        return cls(np.where(why == 0, values, np.nan), why, reasons)

    @classmethod
    def nothing(cls, rows: int, reason: str) -> Self:
        """A column of which no value is known."""
        return cls(np.full(rows, np.nan), np.ones(rows, dtype=np.uint8), (reason,))

    def reason(self, row: int) -> str | None:
        """Why a row's value is absent; null where it is known."""
        code = int(self.why[row])
        return self.reasons[code - 1] if code else None

    def absences(self) -> tuple[tuple[Mask, str], ...]:
        """Why values are absent, as ``of`` takes it for a column made of this one."""
        told = enumerate(self.reasons, 1)
        return tuple((self.why == code, reason) for code, reason in told)

    def rows(self, chosen: Whole) -> Self:
        """The chosen events, in that order."""
        return type(self)(self.values[chosen], self.why[chosen], self.reasons)

    def also(self, *absent: tuple[Mask, str]) -> Self:
        """The same column, absent for further reasons where it was known."""
        why, values = self.why, self.values
        for code, (mask, _) in enumerate(absent, len(self.reasons) + 1):
            if np.count_nonzero(mask):
                why = np.where(mask & (why == 0), np.uint8(code), why)
                values = np.where(why, np.nan, values)
        return type(self)(values, why, (*self.reasons, *[one for _, one in absent]))


def joined(parts: Sequence[Column]) -> Column:
    """Columns of one feature, one below the other."""
    reasons: dict[str, int] = {}
    codes: list[Code] = []
    for part in parts:
        own = [reasons.setdefault(r, len(reasons) + 1) for r in part.reasons]
        codes.append(np.array([0, *own], dtype=np.uint8)[part.why])
    values = np.concatenate([part.values for part in parts])
    return Column(values, np.concatenate(codes), tuple(reasons))


def _of_one(values: Array, absent: Sequence[tuple[Mask, str]]) -> tuple[Array, Code]:
    """What ``Column.of`` finds of a single event, its entries read one by one.

    An event has hundreds of columns, and to read an entry takes a twentieth of what it
    takes to compare an array.
    """
    for code, (mask, _) in enumerate(absent, 1):
        if mask.item():
            return _ABSENT, _CODES[code]
    if not isfinite(values.item()):
        return _ABSENT, _CODES[len(absent) + 1]
    return values.astype(np.float64, copy=False), _CODES[0]


def difference(now: Column, before: Column) -> Column:
    """``now - before``, absent where one of them is, for its reason."""
    values = now.values - before.values
    reasons = (*now.reasons, *before.reasons, UNDEFINED)
    later = np.where(before.why, before.why + np.uint8(len(now.reasons)), before.why)
    why = np.where(now.why, now.why, later)
    why = np.where(why | np.isfinite(values), why, np.uint8(len(reasons)))
    return Column(np.where(why, np.nan, values), why, reasons)


def ratio(above: Array, below: Array) -> Array:
    """``above / below``, NaN where ``below`` is 0 or either is not known."""
    return above / np.where(below, below, np.nan)
