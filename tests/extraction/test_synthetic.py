"""Made-up results pages with exact truth: nothing is ever accepted wrong."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pdfplumber
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dexter.domain.statement import Item
from tests.extraction.synthetic.bind import Binding
from tests.extraction.synthetic.case import make
from tests.extraction.synthetic.compare import covered
from tests.extraction.synthetic.measure import born, scanned, singles, traps
from tests.extraction.synthetic.run import Job, Record, done, results
from tests.extraction.synthetic.scans import Recipe, scan, single
from tests.extraction.synthetic.tables import BEGIN, Tally, write
from tests.extraction.synthetic.traps import Trap, amount


def tally(records: Sequence[Record]) -> Tally:
    counted = Tally()
    for record in records:
        counted.add(record)
    return counted


def faults(records: Sequence[Record]) -> list[str]:
    return [f"{one.job.name}: {fault}" for one in records for fault in one.faults]


@pytest.mark.parametrize("seed", range(6))
def test_the_books_add_up_in_every_column(seed: int) -> None:
    for truth in make(seed).truths:
        step = (
            Decimal(3) if any("." not in t.text for t in truth.tokens) else Decimal(0)
        )
        for role in {role for role, _ in truth.cells}:
            before, tax, net = (
                truth.value(role, item) or Decimal(0)
                for item in (Item.PROFIT_BEFORE_TAX, Item.TAX, Item.NET_PROFIT)
            )
            after = [t.value or Decimal(0) for t in truth.tokens if t.role is role
                     and t.key in {"associates", "discontinued"}]  # fmt: skip
            assert abs(before - tax - net) <= step + abs(sum(after, Decimal(0)))


def test_the_truth_is_what_another_reader_sees_in_its_boxes(tmp_path: Path) -> None:
    case = make(3)
    path = tmp_path / "case.pdf"
    path.write_bytes(case.content)
    with pdfplumber.open(path) as document:
        for truth in case.truths:
            for token in truth.tokens:
                x0, top, x1, bottom = token.box
                around = (x0 - 0.5, top - 2, x1 + 0.5, bottom + 2.5)
                seen = document.pages[token.page - 1].crop(around).extract_text()
                assert amount(seen) == token.value


def test_a_seed_is_a_file() -> None:
    recipe = single("stamp", 2)
    one, two = (scan(make(5, arrangement="one"), recipe) for _ in range(2))
    assert one == two


def test_a_scans_truth_moves_with_its_page() -> None:
    case = make(2)
    before = case.truths[0].tokens[0].box
    turned = scan(case, single("stored turned", 1)).truths[0].tokens[0].box
    flagged = scan(case, Recipe("flag", 100)).truths[0].tokens[0].box
    assert covered(flagged, before) > 0.9
    # Upside down: what stood left of the middle now stands right of it.
    wide = 612 if before[2] + turned[0] > 600 else 595
    assert turned[0] == pytest.approx(wide - before[2], abs=1.5)


def test_born_digital_pages_are_read_right() -> None:
    records = [done(job) for job in born(12)]
    assert faults(records) == []
    assert tally(records).accepted("born digital") >= 6


def test_a_few_scans_are_read_right() -> None:
    jobs = [
        Job("scan", 200_000, single("skew", 2), arrangement="one"),
        Job("scan", 200_002, Recipe("signed", 150, (("signature", 1),)), None, "one"),
        Job("scan", 100_001, Recipe("lying", 120, (), Binding(lies=True)), None, "one"),
    ]
    records = [done(job) for job in jobs]
    assert faults(records) == []
    assert tally(records).accepted("scan") >= 2


def test_misprints_and_silences_are_never_accepted() -> None:
    records = [done(job) for job in traps(15, scans=False)]
    assert faults(records) == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), trap=st.sampled_from((Trap.DIGIT, Trap.EPS)))
def test_a_changed_digit_is_never_published(seed: int, trap: Trap) -> None:
    assert faults([done(Job("trap", seed, None, trap))]) == []


@pytest.mark.slow
@settings(
    max_examples=1200, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(seed=st.integers(0, 10**9))
def test_no_changed_digit_is_ever_published(seed: int) -> None:
    assert faults([done(Job("trap", seed, None, Trap.DIGIT))]) == []


@pytest.mark.slow
def test_a_changed_digit_on_a_scan_is_never_published() -> None:
    records = list(results(traps(30, scans=True), 2, None))
    assert faults(records) == []


@pytest.mark.slow
def test_six_hundred_rows_are_accepted_and_none_is_wrong() -> None:
    """Born-digital pages, scans as they come, and every damage alone once."""
    plain = list(results(born(350), 2, None))
    harmed = list(results(singles(1), 2, None))
    mixes = list(results(islice(scanned(), 150), 2, None))
    records = [*plain, *harmed, *mixes]
    assert faults(records) == []
    counted = tally(records)
    whole = sum(map(counted.accepted, ("born digital", "damage", "scan")))
    assert whole >= 600
    assert counted.accepted("scan") >= 90


def test_tables_are_written_between_their_markers(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("# Title\n\nbefore\n", encoding="utf-8")
    write(path, "| one |\n")
    path.write_text(path.read_text("utf-8") + "\nafter\n", encoding="utf-8")
    write(path, "| two |\n")
    text = path.read_text("utf-8")
    assert text.count(BEGIN) == 1
    assert "one" not in text
    assert text.index("before") < text.index("two") < text.index("after")
