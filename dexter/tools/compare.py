"""compare: growth and differences between two statements, as computed evidence."""

from decimal import Decimal
from typing import Literal

from dexter.domain.evidence import Evidence, Measure
from dexter.domain.filing import Basis
from dexter.domain.period import Quarter
from dexter.domain.research import Absence, Finding
from dexter.domain.statement import Check, Item
from dexter.features.growth import OTHER_SHARES, shares_changed
from dexter.tools import cite
from dexter.tools.base import Arguments, TaskId, Tool
from dexter.tools.base import ToolContext as Context

Kind = Literal["year_on_year", "sequential", "companies"]
_SUFFIX = {"year_on_year": "yoy", "sequential": "qoq", "companies": "versus"}
# How a line is called once it has grown: contracts and people say profit_yoy.
_SHORT = {
    Item.REVENUE.value: "revenue",
    Item.NET_PROFIT.value: "profit",
    Item.EPS_BASIC.value: "eps",
}
_GROWN = (
    Item.REVENUE,
    Item.TOTAL_INCOME,
    Item.TOTAL_EXPENSES,
    Item.PROFIT_BEFORE_TAX,
    Item.NET_PROFIT,
    Item.EPS_BASIC,
    Item.EPS_DILUTED,
    Item.INTEREST_EARNED,
    Item.OPERATING_PROFIT,
)


class Compare(Arguments):
    """Two read_statement tasks to hold against each other."""

    current: TaskId
    base: TaskId
    kind: Kind = "year_on_year"


async def run(arguments: Compare, context: Context) -> Finding:
    """Growth of every shared line, and the change of net margin."""
    now = _lines(arguments.current, context)
    base = _lines(arguments.base, context)
    if not now or not base:
        which = arguments.current if not now else arguments.base
        return Finding(
            absences=(Absence("comparison", f"{which} brought back no figures"),)
        )
    checks = (_same_basis(now, base), _fitting(arguments.kind, now, base))
    failed = next((check for check in checks if not check.ok), None)
    if failed:
        return Finding(absences=(Absence("comparison", failed.detail),), checks=checks)
    evidence, absences = _growth(arguments.kind, now, base)
    return Finding(evidence=tuple(evidence), absences=tuple(absences), checks=checks)


def _lines(task: str, context: Context) -> dict[str, Evidence]:
    return {
        e.name: e
        for outcome in context.needs.get(task, ())
        for e in reversed(outcome.finding.evidence)
        if e.value is not None
    }


def _same_basis(now: dict[str, Evidence], base: dict[str, Evidence]) -> Check:
    def bases(lines: dict[str, Evidence]) -> set[Basis | None]:
        return {e.basis for e in lines.values()}

    ok = bases(now) == bases(base) and len(bases(now)) == 1
    said = " against ".join(
        "/".join(sorted(b.value for b in bases(side) if b)) for side in (now, base)
    )
    return Check("both statements have one basis", ok, said)


def _fitting(kind: Kind, now: dict[str, Evidence], base: dict[str, Evidence]) -> Check:
    """One company a year or a quarter apart, or two companies in one quarter.

    Growth over any other distance must not go by the name of one of these.
    """
    sides = [{(e.symbol, e.period) for e in side.values()} for side in (now, base)]
    said = " against ".join(
        ", ".join(sorted(f"{symbol} {period}" for symbol, period in side))
        for side in sides
    )
    ok = all(len(side) == 1 for side in sides)
    if ok:
        ((left, later),), ((right, earlier),) = sides
        ok = _apart(kind, later, earlier) and (left != right) is (kind == "companies")
    return Check("quarters and companies fit the comparison", ok, f"{kind}: {said}")


def _apart(kind: Kind, later: str | None, earlier: str | None) -> bool:
    if later is None or earlier is None:
        return False
    now, before = Quarter.parse(later), Quarter.parse(earlier)
    distance = {
        "year_on_year": now.year_ago,
        "sequential": now.previous,
        "companies": now,
    }
    return distance[kind] == before


def _growth(
    kind: Kind, now: dict[str, Evidence], base: dict[str, Evidence]
) -> tuple[list[Evidence], list[Absence]]:
    evidence: list[Evidence] = []
    absences: list[Absence] = []
    for item in _GROWN:
        if kind == "companies" and item.per_share:
            continue  # per-share amounts of two companies have no common share
        left, right = now.get(item.value), base.get(item.value)
        if left is None or right is None or left.value is None or right.value is None:
            continue
        name = f"{_SHORT.get(item.value, item.value)}_{_SUFFIX[kind]}"
        problem = _no_base(kind, item, left.value, right.value)
        if item.per_share and not problem:
            problem = _no_shares(kind, (left.value, right.value), now, base)
        if problem:
            absences.append(Absence(f"{name} of {left.company}", problem))
            continue
        evidence.append(
            cite.computed(
                _subject(left),
                name,
                (left.value - right.value) / right.value,
                Measure.CHANGE,
                f"({item.value} − {item.value} base) / {item.value} base",
                (left, right),
            )
        )
    margin = _margin_change(kind, now, base)
    return ([*evidence, margin] if margin else evidence), absences


def _margin_change(
    kind: Kind, now: dict[str, Evidence], base: dict[str, Evidence]
) -> Evidence | None:
    left, right = now.get("net_margin"), base.get("net_margin")
    if left is None or right is None or left.value is None or right.value is None:
        return None
    name = "net_margin_change" + ("" if kind == "year_on_year" else f"_{_SUFFIX[kind]}")
    return cite.computed(
        _subject(left),
        name,
        left.value - right.value,
        Measure.POINTS,
        "net_margin − net_margin base",
        (left, right),
    )


def _no_shares(
    kind: Kind,
    eps: tuple[Decimal, Decimal],
    now: dict[str, Evidence],
    base: dict[str, Evidence],
) -> str:
    """Why EPS of two quarters cannot be compared; empty when it can."""
    profits = [side.get(Item.NET_PROFIT.value) for side in (now, base)]
    values = [p.value for p in profits if p is not None and p.value is not None]
    if kind == "companies" or len(values) != len(profits):
        return ""
    now_per_share, before_per_share = map(float, eps)
    profit = float(values[0]), float(values[1])
    if shares_changed((now_per_share, before_per_share), profit):
        return OTHER_SHARES
    return ""


def _no_base(kind: Kind, item: Item, now: Decimal, before: Decimal) -> str:
    """Why no rate is meaningful; empty when one is."""
    if before > 0:
        return ""
    what = "zero" if before == 0 else "negative"
    if kind == "companies":
        return f"{item.value} of the other company was {what}; no rate is meaningful"
    turn = ", a turnaround to a positive value" if now > 0 else ""
    return f"{item.value} was {what} in the base period{turn}; no rate is meaningful"


def _subject(evidence: Evidence) -> cite.Subject:
    return cite.Subject(
        evidence.symbol or "",
        evidence.company or "",
        evidence.period,
        evidence.basis,
    )


TOOL = Tool(
    name="compare",
    description="Hold two read_statement tasks against each other: growth of every "
    "shared line and the change of net margin, with formula and inputs. Both must be "
    "of one basis. kind: year_on_year, sequential or companies.",
    arguments=Compare,
    run=run,
)
