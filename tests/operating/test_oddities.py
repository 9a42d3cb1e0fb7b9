"""What the file may say and hardly means."""

import pytest

from dexter.operating import Operating
from dexter.operating.needs import Lack
from dexter.operating.oddities import oddities


def odd(**said: object) -> list[Lack]:
    return list(oddities(Operating.model_validate(said)))


def rules(*said: dict[str, object]) -> dict[str, object]:
    named = [
        {"name": f"rule {number}", "priority": "low"} | one
        for number, one in enumerate(said)
    ]
    return {"rules": named}


def test_nothing_is_odd_about_the_defaults() -> None:
    assert odd() == []


def test_an_address_told_twice_is_odd() -> None:
    chat = {"channel": "telegram", "to": 1}
    several = [
        chat | {"name": "a"},
        chat | {"name": "b", "thread": 7},
        {"name": "c", "channel": "email", "to": "1@x.in"},
        chat | {"name": "d", "least": "high"},
    ]
    (found,) = odd(recipients=several)
    assert found.where == "recipients[3]"
    assert found.what.startswith('"d" is reached where recipients[0] is')


def test_to_be_watched_asks_for_a_watch_list() -> None:
    alerts = rules({"watched": True}, {"watched": False}) | {"watched_priority": "low"}
    found = odd(alerts=alerts)
    assert [one.where for one in found] == [
        "alerts.watched_priority",
        "alerts.rules[0].watched",
    ]
    assert odd(alerts=alerts, watch={"symbols": ["TCS"]}) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({}, {"confidence": "HIGH", "watched": True}),
        ({"blockbuster": 60}, {"blockbuster": 80, "coverage": 0.75}),
        ({"probability": 0.1}, {"probability": 0.1, "edge": "demonstrated"}),
        ({"confidence": "MEDIUM"}, {"confidence": "HIGH"}),
        ({"turnover": 100}, {"turnover": 1000}),
        ({"grade": "B"}, {"grade": "A"}),
        ({"grade": "B"}, {"grades": ["A", "B"]}),
        ({"grades": ["C", "A"]}, {"grades": ["C", "imported"], "grade": "C"}),
        ({"watched": False}, {"watched": False, "skill": "demonstrated"}),
    ],
)
def test_a_rule_behind_one_that_asks_no_more_never_speaks(
    first: dict[str, object], second: dict[str, object]
) -> None:
    (found,) = odd(alerts=rules(first, second), watch={"symbols": ["TCS"]})
    assert found.where == "alerts.rules[1]"
    assert found.what.startswith('"rule 1" never speaks: wherever it holds, "rule 0"')
    assert "silent" not in found.what


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"confidence": "LOW"}, {}),
        ({"blockbuster": 60}, {"blockbuster": 60, "coverage": 0.25}),
        ({"blockbuster": 80}, {"blockbuster": 60}),
        ({"blockbuster": 0}, {"coverage": 1}),
        ({"confidence": "HIGH"}, {"confidence": "MEDIUM"}),
        ({"grade": "imported"}, {}),
        ({"grade": "A"}, {"grades": ["A", "B"]}),
        ({"watched": True}, {"watched": False}),
        ({"edge": "demonstrated"}, {"skill": "demonstrated"}),
    ],
)
def test_a_rule_that_asks_more_leaves_something_to_the_next(
    first: dict[str, object], second: dict[str, object]
) -> None:
    assert odd(alerts=rules(first, second), watch={"symbols": ["TCS"]}) == []


def test_what_a_silent_rule_hides_is_told_each() -> None:
    alerts = rules({"priority": "silent"}, {"grade": "A"}, {"edge": "demonstrated"})
    found = odd(alerts=alerts)
    assert [one.where for one in found] == ["alerts.rules[1]", "alerts.rules[2]"]
    assert all(one.what.endswith("and says silent") for one in found)


def test_a_rule_that_never_holds_hides_nothing() -> None:
    same: dict[str, object] = {"watched": True}
    where = [one.where for one in odd(alerts=rules(same, same))]
    assert where == ["alerts.rules[0].watched", "alerts.rules[1].watched"]
