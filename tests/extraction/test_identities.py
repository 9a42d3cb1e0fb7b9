"""The identities hold exactly, within rounding, or not at all."""

from decimal import Decimal

import pytest

from dexter.domain.company import Family
from dexter.domain.filing import Grade, Review
from dexter.domain.statement import Item
from dexter.extraction.proof.grade import judge
from dexter.extraction.proof.identities import outcomes

SOUND = {
    Item.REVENUE: "90",
    Item.OTHER_INCOME: "10",
    Item.TOTAL_INCOME: "100",
    Item.TOTAL_EXPENSES: "80",
    Item.PROFIT_BEFORE_TAX: "20",
    Item.TAX: "5",
    Item.NET_PROFIT: "15",
}


def verdict(changes: dict[Item, str]) -> tuple[Grade, Review]:
    values = {item: Decimal(text) for item, text in (SOUND | changes).items()}
    grade, status, _ = judge(outcomes(Family.GENERAL, values, Decimal("0.01")))
    return grade, status


@pytest.mark.parametrize(
    ("changes", "grade"),
    [
        ({}, Grade.A),
        ({Item.TOTAL_INCOME: "100.01", Item.TOTAL_EXPENSES: "80.01"}, Grade.B),
        ({Item.NET_PROFIT: "15.02"}, Grade.C),
        (
            {
                Item.EXCEPTIONAL: "-4",
                Item.PROFIT_BEFORE_TAX: "16",
                Item.NET_PROFIT: "11",
            },
            Grade.A,
        ),
        (
            {
                Item.EXCEPTIONAL: "4",
                Item.PROFIT_BEFORE_TAX: "16",
                Item.NET_PROFIT: "11",
            },
            Grade.A,
        ),
        ({Item.EXCEPTIONAL: "4"}, Grade.C),
        ({Item.SHARE_OF_ASSOCIATES: "2", Item.NET_PROFIT: "17"}, Grade.A),
        (
            {
                Item.SHARE_OF_ASSOCIATES: "2",
                Item.PROFIT_BEFORE_TAX: "22",
                Item.NET_PROFIT: "17",
            },
            Grade.A,
        ),
        (
            {
                Item.SHARE_OF_ASSOCIATES: "2",
                Item.PROFIT_BEFORE_TAX: "22",
                Item.NET_PROFIT: "19",
            },
            Grade.C,
        ),
        ({Item.NET_PROFIT_OWNERS: "12", Item.NET_PROFIT_MINORITY: "3"}, Grade.A),
        ({Item.NET_PROFIT_OWNERS: "12", Item.NET_PROFIT_MINORITY: "4"}, Grade.C),
    ],
)
def test_grades_of_a_general_statement(changes: dict[Item, str], grade: Grade) -> None:
    found, status = verdict(changes)
    assert found is grade
    assert (status is Review.ACCEPTED) == (grade is not Grade.C)


def test_nothing_to_check_proves_nothing() -> None:
    assert judge([])[1] is Review.REVIEW
