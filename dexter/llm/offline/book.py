"""Evidence by company, name, quarter and basis, as sentences look for it."""

from collections.abc import Callable, Iterable, Sequence

from dexter.domain.evidence import Evidence
from dexter.domain.filing import Basis
from dexter.domain.period import Quarter

STATEMENT = (
    "revenue_from_operations",
    "interest_earned",
    "total_income",
    "total_expenses",
    "profit_before_tax",
    "net_profit",
    "eps_basic",
    "eps_diluted",
    "other_income",
    "net_margin",
    "employee_cost",
    "finance_costs",
    "interest_expended",
    "depreciation",
    "provisions",
    "exceptional_items",
    "profit_before_exceptional_items",
    "operating_profit_before_provisions",
    "gross_npa_ratio",
    "net_npa_ratio",
    "tax",
)


def quarter_of(evidence: Evidence) -> Quarter | None:
    """The fiscal quarter a value speaks of, or none."""
    if evidence.period is None:
        return None
    try:
        return Quarter.parse(evidence.period)
    except ValueError:
        return None


class Book:
    """What was found, in the order of the plan; values that are missing stay out."""

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        self._all = tuple(
            e for e in evidence if e.value is not None or e.text is not None
        )
        self._by_id = {e.id: e for e in self._all}

    @property
    def symbols(self) -> tuple[str, ...]:
        """Companies in the order they first appear."""
        return tuple(dict.fromkeys(e.symbol for e in self._all if e.symbol))

    def names(self) -> set[str]:
        """Measure names that have a value."""
        return {e.name for e in self._all}

    def people_say(self) -> list[str]:
        """Symbols and names of companies, to look past when reading a question."""
        said = [name for e in self._all for name in (e.symbol, e.company) if name]
        return list(dict.fromkeys(said))

    def where(self, keep: Callable[[Evidence], bool]) -> list[Evidence]:
        """Everything that satisfies a condition, in order."""
        return [e for e in self._all if keep(e)]

    def named(self, name: str, symbol: str | None = None) -> list[Evidence]:
        """Everything of a name, in order."""
        return self.where(lambda e: e.name == name and symbol in {None, e.symbol})

    def quarters(self, symbol: str) -> list[Quarter]:
        """Quarters of a company that were read, newest first."""
        found = {
            quarter
            for e in self._all
            if e.symbol == symbol and not e.inputs and e.name in STATEMENT
            for quarter in [quarter_of(e)]
            if quarter
        }
        return sorted(found, reverse=True)

    def focus(self, symbol: str) -> Quarter | None:
        """The newest quarter anything was found for: what the answer is about."""
        found = [quarter_of(e) for e in self._all if e.symbol == symbol]
        return max((quarter for quarter in found if quarter), default=None)

    def basis(self, symbol: str) -> Basis | None:
        """The basis of the first line read for the focus: the answer's own."""
        focus = self.focus(symbol)
        lines = self.where(
            lambda e: (
                e.symbol == symbol
                and e.name in STATEMENT
                and e.basis is not None
                and quarter_of(e) == focus
            )
        )
        return lines[0].basis if lines else None

    def figure(
        self, symbol: str, name: str, quarter: Quarter | None = None
    ) -> Evidence | None:
        """A value of a company in a quarter (the focus), on the answer's basis first.

        On another basis only when the answer's own has none; the caller says so.
        """
        wanted = quarter or self.focus(symbol)
        basis = self.basis(symbol)
        found = self.where(
            lambda e: (
                e.symbol == symbol
                and e.name == name
                and (e.period is None or quarter_of(e) == wanted)
            )
        )
        return next(
            (e for e in found if e.basis in {None, basis}), found[0] if found else None
        )

    def base_of(self, evidence: Evidence) -> Evidence | None:
        """What a change was computed from: the second input of its formula."""
        if len(evidence.inputs) < 2:  # noqa: PLR2004 - current and base
            return None
        return self._by_id.get(evidence.inputs[1])

    def figures(self, symbol: str, names: Iterable[str]) -> list[Evidence]:
        """The values of several names that are there, in the order of the names."""
        found = [self.figure(symbol, name) for name in names]
        return [e for e in found if e is not None]
