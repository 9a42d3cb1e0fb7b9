"""rank: what has a value is ordered, what has none is absent, never last."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Measure
from dexter.domain.research import Absence, Finding, TaskOutcome
from dexter.tools.rank import TOOL, Rank
from tests.tools.fakes import Market
from tests.tools.making import outcome


def valued(symbol: str, amount: int | None, name: str = "sue") -> TaskOutcome:
    if amount is None:
        missing = Absence(f"{name} of {symbol}", "too short a history")
        return outcome(f"t2.{symbol}", "x", Finding(absences=(missing,)), symbol=symbol)
    evidence = Evidence(
        id="",
        kind=EvidenceKind.COMPUTED,
        name=name,
        unit=Measure.DEVIATIONS,
        value=Decimal(amount),
        source=Derivation("formula", ()),
        symbol=symbol,
        period="Q1 FY25",
    ).with_key()
    return outcome(f"t2.{symbol}", "x", Finding(evidence=(evidence,)), symbol=symbol)


async def ranked(*outcomes: TaskOutcome, **how: object) -> Finding:
    context = Market().context(None, t2=tuple(outcomes))
    arguments = Rank.model_validate({"of": "t2", "by": "sue", **how})
    return await TOOL.run(arguments, context)


async def test_highest_first_with_places_that_name_their_value() -> None:
    found = await ranked(valued("A", 1), valued("B", 3), valued("C", 2), top=2)

    assert found.subjects == ("B", "C")
    places = [e for e in found.evidence if e.name == "rank"]
    assert [(e.symbol, str(e.value)) for e in places] == [
        ("B", "1.000000"),
        ("C", "2.000000"),
    ]
    values = {e.id: e.symbol for e in found.evidence if e.name == "sue"}
    assert [values[e.inputs[0]] for e in places] == ["B", "C"]
    assert "among 3 companies" in getattr(places[0].source, "formula", "")


async def test_what_is_missing_is_absent_with_its_reason() -> None:
    failed = outcome("t2.C", "x", Finding(), "No company called “C”.", symbol="C")

    found = await ranked(valued("A", -5), valued("B", None), failed, lowest_first=True)

    assert found.subjects == ("A",)
    assert found.absences == (
        Absence("sue of B", "too short a history"),
        Absence("sue of C", "No company called “C”."),
    )


async def test_equals_stand_by_symbol_whoever_was_faster() -> None:
    pair = (valued("B", 2), valued("A", 2))

    assert (await ranked(*pair)).subjects == ("A", "B")
    assert (await ranked(*pair, lowest_first=True)).subjects == ("A", "B")


async def test_nobody_to_rank_is_said() -> None:
    assert (await ranked()).absences[0].reason == "there is nobody to rank"


@given(st.lists(st.none() | st.integers(-9, 9), max_size=12), st.booleans())
async def test_order_and_completeness(
    amounts: list[int | None],
    lowest: bool,  # noqa: FBT001 - drawn by position
) -> None:
    outcomes = [valued(f"S{i:02}", amount) for i, amount in enumerate(amounts)]

    found = await ranked(*outcomes, top=50, lowest_first=lowest)

    values = [e.value for e in found.evidence if e.name == "sue"]
    assert values == sorted(values, key=lambda v: v or 0, reverse=not lowest)
    told = len(found.subjects) + sum(a.what.startswith("sue") for a in found.absences)
    assert told == len(amounts)


@pytest.mark.parametrize("how", [{"by": "price"}, {"top": 0}, {"top": 51}, {"of": ""}])
def test_arguments_are_checked(how: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Rank.model_validate({"of": "t2", "by": "sue", **how})
