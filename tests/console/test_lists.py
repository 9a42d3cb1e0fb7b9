"""Lists at eighty columns: ids whole, no number lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from rich.console import Console

from dexter.console import alerts, outbox, runs
from dexter.domain.alert import Priority
from dexter.domain.delivery import Delivery, DeliveryState, ItemKind
from dexter.domain.ledger import AlertRecord, OutcomeState
from dexter.domain.period import Quarter
from dexter.domain.run import RunStatus, RunSummary
from dexter.ml.ledger import Came, Group, LedgerSummary
from dexter.ml.spreads import Spread
from tests.store.making_outbox import NOW

LONGEST = "BAJAJ-AUTO-2025-06-30-consolidated"


def seen(show: Callable[[Console], None], width: int = 80) -> str:
    out = StringIO()
    show(Console(width=width, file=out, force_terminal=False, highlight=False))
    assert max(map(len, out.getvalue().splitlines())) <= width
    return out.getvalue()


def record(**about: object) -> AlertRecord:
    plain = AlertRecord(
        id=LONGEST,
        version=2,
        symbol="BAJAJ-AUTO",
        period_end=Quarter.parse("Q1 FY26").end,
        basis=None,
        published_at=NOW,
        priority=Priority.MEDIUM,
        probability=Decimal("0.123"),
        blockbuster=Decimal("85.25"),
        model_version="m",
        run_id="r",
        made_at=NOW,
        sent_at=NOW,
    )
    return replace(plain, **about)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize("width", [80, 120])
def test_the_id_of_an_alert_is_never_cut(width: int) -> None:
    records = [record(), record(sent_at=None, published_at=None)]
    (_, first, second) = seen(
        lambda console: alerts.listed(records, console), width
    ).splitlines()
    for said in (LONGEST, "v2", "medium", "15 May", "18:30", "12.3%", "85.2"):
        assert said in first
    assert LONGEST in second
    assert "unknown" in second


def test_an_id_longer_than_the_screen_goes_on_below() -> None:
    told = seen(lambda console: alerts.listed([record(id="x" * 70)], console))
    assert told.count("x") == 70


def test_outcomes_lose_no_number_at_eighty_columns() -> None:
    wide = Spread(-0.1234, -0.2345, 0.3456)
    rate = Spread(0.3333, 0.1234, 0.6543)
    ours = Came(1234, 1233, 400, rate, rate, 1233, wide, wide)
    states = tuple((one, 1111) for one in OutcomeState)
    name = "upper-circuit-3d-20250630-5d8d17d7"
    group = Group(10, "model", name, states, 1222, ours, ours)
    summary = LedgerSummary((group, replace(group, horizon=1)), ())
    told = seen(lambda console: alerts.outcomes(summary, console))
    assert "…" not in told
    for said, times in (
        ("1,234", 2),
        ("1,111", 6),
        ("1,222", 2),
        ("33.3% (12.3% to 65.4%) of 1,233", 2),
        ("12.3% to 65.4%", 4),
        ("33.3% of 1,233", 2),
        ("−12.3% (−23.4% to 34.6%)", 4),
        ("−12.3%", 6),
    ):
        assert told.count(said) == times, said


def row(item: str, **about: object) -> Delivery:
    plain = Delivery(
        item=item,
        version=1,
        kind=ItemKind.NOTICE,
        channel="telegram",
        recipient="a recipient with a name",
        priority=Priority.HIGH,
        state=DeliveryState.PENDING,
        attempts=12,
        repeats=0,
        made_at=NOW,
        due_at=NOW + timedelta(hours=3),
    )
    return replace(plain, **about)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize("width", [80, 120, 160])
def test_a_notice_with_much_to_say_leaves_room_for_its_fate(width: int) -> None:
    key = "The disk is nearly full and two days are left " * 3
    told = seen(lambda console: outbox.shown([row(key)], (), console), width)
    assert "…" not in told
    for said in ("telegram", "pending", " 12 ", "due 15 May 21:30"):
        assert said in told
    assert told.count("nearly") == 3


@pytest.mark.parametrize("width", [80, 120])
def test_the_id_of_a_run_is_never_cut(width: int) -> None:
    run_id = "20250814-BAJAJ-AUTO-f0d5ef8fe80d-2"
    run = RunSummary(run_id, "q" * 300, NOW, RunStatus.INTERRUPTED, 94, "offline")
    told = seen(lambda console: runs.listed([run], console), width)
    _, line = told.splitlines()
    assert line.startswith(f"{run_id} ")
    assert len(line.rstrip()) == width
    assert line.rstrip().endswith("q…")
