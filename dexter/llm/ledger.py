"""Money: every try reserves its worst cost first and settles for what it came to.

Three scopes, each with its own ceiling or none: the run, the day, the key. A try that
could pass any of them is not made. Amounts are USD as ``Decimal``.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from dexter.errors import BudgetError

_ZERO = Decimal(0)


class DayLedger(Protocol):
    """A running total that outlives the process, shared by every run on the machine."""

    async def hold(self, amount: Decimal, ceiling: Decimal | None) -> Decimal | None:
        """Add an amount at once, or none of it.

        Returns:
            None when it was added; otherwise what was already there, because the sum
            would have passed the ceiling.
        """
        ...

    async def settle(self, held: Decimal, actual: Decimal) -> None:
        """Replace an amount held by what it came to."""
        ...


class Tally:
    """A total in memory. Nothing is awaited inside, so one event loop is safe."""

    def __init__(self, spent: Decimal = _ZERO) -> None:
        self.total = spent

    async def hold(self, amount: Decimal, ceiling: Decimal | None) -> Decimal | None:
        """See ``DayLedger.hold``."""
        if ceiling is not None and self.total + amount > ceiling:
            return self.total
        self.total += amount
        return None

    async def settle(self, held: Decimal, actual: Decimal) -> None:
        """See ``DayLedger.settle``."""
        self.total += actual - held


@dataclass(frozen=True, slots=True)
class _Scope:
    name: str
    ceiling: Decimal | None
    total: DayLedger


class Ledger:
    """The budget of one run, within the day's and the key's.

    Args:
        run_ceiling: Most this run may cost; none for no ceiling.
        day_ceiling: Most all runs of the day may cost.
        day_spent: What the day has cost so far, when no ``day`` keeps that total.
        key_ceiling: Most the key may ever cost, as recorded on this machine.
        day: The day's persisted total.
        key: The key's persisted total.
    """

    def __init__(
        self,
        run_ceiling: Decimal | None,
        day_ceiling: Decimal | None = None,
        day_spent: Decimal = _ZERO,
        *,
        key_ceiling: Decimal | None = None,
        day: DayLedger | None = None,
        key: DayLedger | None = None,
    ) -> None:
        self._scopes = (
            _Scope("run", run_ceiling, Tally()),
            _Scope("day", day_ceiling, day or Tally(day_spent)),
            _Scope("key", key_ceiling, key or Tally()),
        )
        self.spent = _ZERO
        self.reserved = _ZERO

    @property
    def bounded(self) -> bool:
        """Whether any scope has a ceiling."""
        return any(scope.ceiling is not None for scope in self._scopes)

    async def reserve(self, worst: Decimal) -> None:
        """Set aside the most a try may cost, in every scope.

        Reservations of tries still running count as spent, so parallel tries cannot
        pass a ceiling together.

        Raises:
            BudgetError: Naming the scope; nothing stays reserved.
        """
        held: list[_Scope] = []
        over: _Scope | None = None
        try:
            for scope in self._scopes:
                if await scope.total.hold(worst, scope.ceiling) is not None:
                    over = scope
                    break
                held.append(scope)
        except BaseException:
            await self._release(held, worst)
            raise
        if over is not None:
            await self._release(held, worst)
            raise BudgetError(over.name, usd(over.ceiling), usd(worst))
        self.reserved += worst

    async def _release(self, held: list[_Scope], worst: Decimal) -> None:
        for scope in held:
            await scope.total.settle(worst, _ZERO)

    async def settle(self, worst: Decimal, actual: Decimal) -> None:
        """Release a reservation and book what the try came to."""
        self.reserved -= worst
        self.spent += actual
        for scope in self._scopes:
            await scope.total.settle(worst, actual)


def usd(amount: Decimal | None) -> str:
    """An amount for people: cents, and more places only where cents would say zero."""
    if amount is None:
        return "no ceiling"
    cents = amount.quantize(Decimal("0.01"))
    return f"${cents}" if cents or not amount else f"${amount.normalize():f}"
