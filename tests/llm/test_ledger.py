import asyncio
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.errors import BudgetError, StoreCorruptError, StoreError
from dexter.llm.dayledger import FileDayLedger
from dexter.llm.ledger import Ledger, Tally, usd

DAY = date(2026, 7, 14)
amounts = st.decimals(0, 5, places=6)


@given(ceiling=amounts, tries=st.lists(st.tuples(amounts, st.integers(0, 100))))
async def test_no_ceiling_is_ever_passed(
    ceiling: Decimal, tries: list[tuple[Decimal, int]]
) -> None:
    ledger = Ledger(ceiling)
    for worst, percent in tries:
        try:
            await ledger.reserve(worst)
        except BudgetError:
            assert ledger.spent + worst > ceiling
            continue
        assert ledger.spent + ledger.reserved <= ceiling
        await ledger.settle(worst, worst * percent / 100)
    assert ledger.spent <= ceiling
    assert ledger.reserved == 0


async def test_parallel_reservations_count_together() -> None:
    ledger = Ledger(Decimal(1))
    outcomes: list[bool] = []

    async def one() -> None:
        try:
            await ledger.reserve(Decimal("0.3"))
        except BudgetError:
            outcomes.append(False)
        else:
            outcomes.append(True)

    async with asyncio.TaskGroup() as group:
        for _ in range(10):
            group.create_task(one())
    assert outcomes.count(True) == 3
    await ledger.settle(Decimal("0.3"), Decimal("0.1"))
    await ledger.reserve(Decimal("0.2"))


@pytest.mark.parametrize(
    ("ledger", "scope"),
    [
        (Ledger(Decimal(1), Decimal(9)), "run"),
        (Ledger(Decimal(9), Decimal(4), Decimal(3)), "day"),
        (Ledger(None, key_ceiling=Decimal(5), key=Tally(Decimal(4))), "key"),
    ],
)
async def test_the_error_names_the_scope_and_leaves_nothing_reserved(
    ledger: Ledger, scope: str
) -> None:
    with pytest.raises(BudgetError) as caught:
        await ledger.reserve(Decimal("1.5"))
    assert caught.value.scope == scope
    assert scope in caught.value.sentence
    assert "$1.50" in caught.value.sentence
    await ledger.reserve(Decimal("0.5"))  # the other scopes were let go again


async def test_exactly_the_ceiling_still_fits() -> None:
    ledger = Ledger(Decimal("0.10"))
    await ledger.reserve(Decimal("0.10"))
    with pytest.raises(BudgetError):
        await ledger.reserve(Decimal("0.000001"))


async def test_no_ceiling_counts_all_the_same() -> None:
    ledger = Ledger(None)
    assert not ledger.bounded
    await ledger.reserve(Decimal(1000))
    await ledger.settle(Decimal(1000), Decimal(7))
    assert ledger.spent == 7
    assert ledger.reserved == 0


async def test_the_day_is_shared_by_runs_and_survives_them(tmp_path: Path) -> None:
    path = tmp_path / "home" / "spending.db"
    first = Ledger(None, Decimal(1), day=FileDayLedger(path, DAY))
    await first.reserve(Decimal("0.7"))
    second = Ledger(None, Decimal(1), day=FileDayLedger(path, DAY))
    with pytest.raises(BudgetError, match="day budget"):
        await second.reserve(Decimal("0.4"))
    await first.settle(Decimal("0.7"), Decimal("0.25"))
    await second.reserve(Decimal("0.4"))
    assert await FileDayLedger(path, DAY).total() == Decimal("0.65")


async def test_days_and_keys_are_counted_apart(tmp_path: Path) -> None:
    path = tmp_path / "spending.db"
    await FileDayLedger(path, DAY).hold(Decimal(1), None)
    await FileDayLedger(path, None, "key-1").hold(Decimal(2), None)
    assert await FileDayLedger(path, date(2026, 7, 15)).total() == 0
    assert await FileDayLedger(path, DAY).total() == 1
    assert await FileDayLedger(path, None, "key-1").total() == 2
    assert await FileDayLedger(path, None, "key-2").total() == 0


async def test_a_hold_nobody_settled_stays_spent(tmp_path: Path) -> None:
    path = tmp_path / "spending.db"
    await FileDayLedger(path, DAY).hold(Decimal("0.9"), Decimal(1))
    over = await FileDayLedger(path, DAY).hold(Decimal("0.2"), Decimal(1))
    assert over == Decimal("0.9")


async def test_parallel_holds_in_one_file_never_pass_the_ceiling(
    tmp_path: Path,
) -> None:
    path = tmp_path / "spending.db"
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(FileDayLedger(path, DAY).hold(Decimal("0.3"), Decimal(1)))
            for _ in range(12)
        ]
    assert [task.result() for task in tasks].count(None) == 3
    assert await FileDayLedger(path, DAY).total() == Decimal("0.9")


def test_processes_share_one_file_without_losing_a_hold(tmp_path: Path) -> None:
    path = tmp_path / "spending.db"
    script = (
        "import asyncio, sys\n"
        "from datetime import date\n"
        "from decimal import Decimal\n"
        "from pathlib import Path\n"
        "from dexter.llm.dayledger import FileDayLedger\n"
        "async def go():\n"
        "    day = FileDayLedger(Path(sys.argv[1]), date(2026, 7, 14))\n"
        "    for _ in range(20):\n"
        "        await day.hold(Decimal('0.01'), None)\n"
        "asyncio.run(go())\n"
    )
    command = [sys.executable, "-c", script, str(path)]
    running = [subprocess.Popen(command) for _ in range(3)]  # noqa: S603  # our own
    assert [one.wait(timeout=60) for one in running] == [0, 0, 0]
    assert asyncio.run(FileDayLedger(path, DAY).total()) == Decimal("0.60")


async def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "spending.db"
    path.write_bytes(b"not a database, whatever its name" * 40)
    with pytest.raises(StoreCorruptError, match=r"spending\.db"):
        await FileDayLedger(path, DAY).total()


async def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError):
        await FileDayLedger(tmp_path / "file" / "spending.db", DAY).total()


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("1.5", "$1.50"), ("0", "$0.00"), ("0.0012", "$0.0012"), ("12", "$12.00")],
)
def test_money_is_shown_in_cents_unless_that_would_say_zero(
    amount: str, shown: str
) -> None:
    assert usd(Decimal(amount)) == shown
