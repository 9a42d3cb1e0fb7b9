"""The blockbuster score: equal-weight percentiles within the season, 0–100.

Four components: surprise, growth, margin and quality. A component nobody can compute
lowers the coverage; it is never 0 and never neutral.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

from dexter.domain.alert import Blockbuster, Component
from dexter.domain.results import SeasonPeer
from dexter.features.earnings import EarningsMeasures

MINIMUM_PEERS = 20
_HUNDRED = Decimal(100)
_PLACES = Decimal("0.1")

Part = tuple[Decimal | None, Decimal | None, str | None]
"""A component's value, its percentile, and why either is null."""


def score(
    measures: EarningsMeasures,
    peers: Sequence[SeasonPeer],
    family: str,
    minimum_peers: int = MINIMUM_PEERS,
) -> Blockbuster:
    """Score one company's quarter against those that had reported.

    Args:
        measures: What the quarter measured.
        peers: The season's cross-section as visible at the moment; only those of
            ``family`` count. The company itself may be among them.
        family: ``general``, ``bank``, ``nbfc`` or ``insurer``.
        minimum_peers: Fewer peers with a value give no percentile.

    Returns:
        The mean of the known percentiles; null, with a reason, when none is known.
        Evidence is left empty: whoever holds the evidence fills it in.
    """
    same = [peer for peer in peers if peer.family == family]

    def rank(value: Decimal | None, name: str, reason: str) -> Part:
        return _rank(value, [getattr(p, name) for p in same], reason, minimum_peers)

    parts = {
        "surprise": rank(measures.sue, "sue", _why(measures, "sue")),
        "growth": _growth(measures, rank),
        "margin": rank(
            measures.net_margin_change,
            "margin_change",
            _why(measures, "net_margin_change"),
        ),
        "quality": _turned(
            rank(measures.quality, "quality", _why(measures, "quality"))
        ),
    }
    components = {
        name: Component(value, percentile, (), reason)
        for name, (value, percentile, reason) in parts.items()
    }
    known = [c.percentile for c in components.values() if c.percentile is not None]
    return Blockbuster(
        score=_mean(known) if known else None,
        coverage=Decimal(len(known)) / len(components),
        components=components,
        reason=None if known else _nothing(components),
    )


def _why(measures: EarningsMeasures, name: str) -> str:
    return measures.reasons.get(name, "")


def _rank(
    value: Decimal | None,
    peers: Sequence[float | None],
    reason: str,
    minimum: int,
) -> Part:
    """Mid-rank percentile: share of peers below, ties counting half."""
    if value is None:
        return None, None, reason
    known = [Decimal(str(peer)) for peer in peers if peer is not None]
    if len(known) < max(minimum, 1):
        count = f"only {len(known)}" if known else "none"
        return value, None, f"{count} of its peers have reported it, {minimum} needed"
    below = sum(peer < value for peer in known)
    ties = sum(peer == value for peer in known)
    share = (below + Decimal(ties) / 2) / len(known)
    return value, (share * _HUNDRED).quantize(_PLACES), None


def _growth(
    measures: EarningsMeasures, rank: Callable[[Decimal | None, str, str], Part]
) -> Part:
    """Mean of the revenue and profit growth percentiles, of those that are known.

    The value shown is profit growth, or revenue growth where profit growth is null.
    """
    profit = rank(measures.profit_yoy, "profit_growth", _why(measures, "profit_yoy"))
    revenue = rank(
        measures.revenue_yoy, "revenue_growth", _why(measures, "revenue_yoy")
    )
    value = revenue[0] if profit[0] is None else profit[0]
    known = [part[1] for part in (revenue, profit) if part[1] is not None]
    return (value, _mean(known), None) if known else (value, None, profit[2])


def _turned(part: Part) -> Part:
    """Quality is measured as badness: the lowest share of odd income ranks highest."""
    value, percentile, reason = part
    return value, None if percentile is None else _HUNDRED - percentile, reason


def _mean(values: Sequence[Decimal]) -> Decimal:
    return (sum(values, Decimal(0)) / len(values)).quantize(_PLACES)


def _nothing(components: dict[str, Component]) -> str:
    reasons = [f"{name}: {c.reason}" for name, c in components.items()]
    return "no component is known (" + "; ".join(reasons) + ")"
