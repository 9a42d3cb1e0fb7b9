"""Alerts summed up: every one has a state, and all events of their days beside them."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from dexter.domain.alert import Priority
from dexter.domain.filing import Basis
from dexter.domain.ledger import AlertOutcome, AlertRecord, OutcomeState
from dexter.ml.intervals import wilson
from dexter.ml.ledger import Everyone, Followed, Group, LedgerSummary, summarise
from tests.ml.making_alerts import PUBLISHED

MANY = 60


def record(place: int) -> AlertRecord:
    return AlertRecord(
        id=f"S{place}",
        version=1,
        symbol=f"S{place}",
        period_end=date(2024, 6, 30),
        basis=Basis.STANDALONE,
        published_at=PUBLISHED,
        priority=Priority.HIGH if place % 3 else Priority.LOW,
        probability=Decimal("0.1"),
        blockbuster=None,
        model_version=None if place % 10 == 0 else f"model-{place % 2}",
        run_id="run",
        made_at=PUBLISHED + timedelta(hours=1),
        sent_at=None,
    )


def outcome(place: int) -> AlertOutcome:
    state = {7: OutcomeState.AHEAD, 8: OutcomeState.LOCKED, 9: OutcomeState.NO_PRICE}
    mine = state.get(place % 10, OutcomeState.KNOWN)
    known = mine is OutcomeState.KNOWN
    return AlertOutcome(
        alert_id=f"S{place}",
        version=1,
        horizon=3,
        state=mine,
        net_return=0.01 * (place % 5 - 2) if known else None,
        abnormal=0.001 if known else None,
        hit=place % 4 == 0 if known else None,
    )


def followed() -> Followed:
    day0 = np.array([-1 if p % 10 == 7 else 100 + p % 20 for p in range(MANY)])
    return Followed(
        horizon=3,
        records=tuple(record(p) for p in range(MANY)),
        outcomes=tuple(outcome(p) for p in range(MANY)),
        day0=day0,
        late=np.array([p % 6 == 0 for p in range(MANY)]),
    )


def everyone() -> Everyone:
    """Events on days 95 to 124; those of 120 on are of no alert's day."""
    day0 = np.repeat(np.arange(95, 125), 4)
    hit = (np.arange(120) % 10 == 0).astype(float)
    hit[3] = np.nan
    return Everyone(day0, hit, np.full(120, -0.005), np.zeros(120))


def summed() -> LedgerSummary:
    return summarise([followed()], [everyone()])


def group(kind: str, name: str) -> Group:
    (found,) = (g for g in summed().groups if (g.kind, g.name) == (kind, name))
    return found


def test_the_states_are_all_the_alerts_of_every_group() -> None:
    for one in summed().groups:
        assert sum(many for _, many in one.states) == one.alerts.events
    assert dict(group("all", "all alerts").states) == {
        OutcomeState.KNOWN: 42,
        OutcomeState.AHEAD: 6,
        OutcomeState.NO_PRICE: 6,
        OutcomeState.LOCKED: 6,
    }
    for kind in ("made", "priority", "model"):
        parts = [one for one in summed().groups if one.kind == kind]
        assert sum(one.alerts.events for one in parts) == MANY
        assert sum(one.late for one in parts) == group("all", "all alerts").late == 10
    assert group("model", "no model").alerts.events == 6
    assert group("made", "late").late == group("made", "late").alerts.events == 10


def test_every_alert_without_a_return_is_named() -> None:
    named = {one.alert_id for one in summed().unknown}
    assert named == {f"S{p}" for p in range(MANY) if p % 10 in {7, 8, 9}}


def test_rates_are_of_those_known_with_wilson_s_interval() -> None:
    found = group("all", "all alerts").alerts
    hits = sum(p % 4 == 0 and p % 10 < 7 for p in range(MANY))
    assert (found.labelled, found.hits) == (42, hits)
    plain = wilson(hits, 42)
    assert found.rate is not None
    assert (found.rate.low, found.rate.high) == (plain.low, plain.high)
    assert found.earned is not None
    assert found.earned.low is not None
    wanted = np.mean([0.01 * (p % 5 - 2) for p in range(MANY) if p % 10 < 7])
    assert found.earned.value == pytest.approx(wanted)


def test_everyone_is_of_the_same_days_and_no_others() -> None:
    found = group("all", "all alerts").everyone
    own = {100 + p % 20 for p in range(MANY) if p % 10 != 7}
    assert found.events == 4 * len(own)
    high = group("priority", "high").everyone
    days = {100 + p % 20 for p in range(MANY) if p % 10 != 7 and p % 3}
    assert high.events == 4 * len(days)
    assert found.earned is not None
    assert found.earned.value == pytest.approx(-0.005)


def test_no_alerts_are_no_error() -> None:
    nobody = Followed(3, (), (), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool))
    (whole,) = summarise([nobody], [everyone()]).groups
    assert whole.alerts.events == whole.everyone.events == 0
    assert whole.alerts.rate is whole.alerts.earned is None
