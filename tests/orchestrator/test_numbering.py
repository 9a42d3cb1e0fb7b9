"""Published ids follow the plan, whoever was faster; nothing keeps an old one."""

import random
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.alert import Alert, Blockbuster, Component, Priority
from dexter.domain.alert import VolatilityContraction as Pattern
from dexter.domain.research import Conflict, Finding, TaskOutcome
from dexter.orchestrator.numbering import natural, numbered
from tests.orchestrator.outcomes import ended, figure, over

REVENUE, PROFIT = figure("revenue", 100), figure("net_profit", 20)
SUE = over("sue", 2, PROFIT)


def scored() -> Finding:
    score = Blockbuster(
        Decimal(80),
        Decimal(1),
        {"surprise": Component(Decimal(2), Decimal(90), (SUE.id,))},
    )
    pattern = Pattern(
        passed=True,
        contractions=2,
        depths=(),
        template_passed=7,
        template_total=8,
        volume_dry_up=None,
        pivot=None,
        evidence=(PROFIT.id,),
    )
    alert = Alert(
        id="a",
        symbol="HCL",
        company="HCL",
        period="Q1 FY25",
        basis=None,
        published_at=None,
        priority=Priority.LOW,
        blockbuster=score,
        prediction=None,
        prediction_reason="none",
        data_grade="A",
        vcp=pattern,
        vcp_reason=None,
        reasons=(),
        evidence=(SUE.id, REVENUE.id),
    )
    return Finding(
        evidence=(SUE,),
        conflicts=(Conflict("differ", (REVENUE.id, PROFIT.id)),),
        blockbuster=score,
        vcp=pattern,
        alerts=(alert,),
    )


def test_ids_are_given_in_the_order_of_the_plan_each_once() -> None:
    outcomes = (
        ended("t1", finding=Finding(evidence=(REVENUE, PROFIT))),
        ended("t2", finding=Finding(evidence=(PROFIT, SUE))),
    )

    renamed, book = numbered(outcomes)

    assert {i: e.name for i, e in book.items()} == {
        "e1": "revenue",
        "e2": "net_profit",
        "e3": "sue",
    }
    assert [e.id for e in renamed[1].finding.evidence] == ["e2", "e3"]
    assert book["e3"].inputs == ("e2",)


def test_everything_that_names_evidence_is_renamed() -> None:
    outcomes = (
        ended("t1", finding=Finding(evidence=(REVENUE, PROFIT))),
        ended("t2", finding=scored()),
    )

    (_, second), book = numbered(outcomes)

    finding = second.finding
    (alert,) = finding.alerts
    assert finding.conflicts[0].values == ("e1", "e2")
    assert finding.blockbuster is not None
    assert finding.blockbuster.components["surprise"].evidence == ("e3",)
    assert finding.vcp is not None
    assert finding.vcp.evidence == ("e2",)
    assert alert.evidence == ("e3", "e1")
    assert alert.blockbuster.components["surprise"].evidence == ("e3",)
    assert set(book) == {"e1", "e2", "e3"}


@given(st.lists(st.integers(1, 30), max_size=20), st.integers(0, 99))
def test_ids_do_not_depend_on_who_was_faster(amounts: list[int], seed: int) -> None:
    outcomes = [
        ended(f"t{i}", finding=Finding(evidence=(figure("revenue", amount),)))
        for i, amount in enumerate(amounts)
    ]
    arrived = list(enumerate(outcomes))
    random.Random(seed).shuffle(arrived)  # noqa: S311 - an order, not a secret
    by_plan: list[TaskOutcome] = [o for _, o in sorted(arrived, key=lambda p: p[0])]

    assert numbered(by_plan) == numbered(outcomes)
    _, book = numbered(outcomes)
    assert list(book) == [f"e{i}" for i in range(1, len(set(amounts)) + 1)]


def test_ten_comes_after_two_and_odd_digits_break_nothing() -> None:
    assert sorted(["e10", "e2", "e1"], key=natural) == ["e1", "e2", "e10"]
    assert sorted(["t²", "t2", "t1²3"], key=natural)
