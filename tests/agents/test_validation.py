"""Validation: the checks of code, and a model's wishes within bounds."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from dexter.agents import validation
from dexter.domain.briefs import ValidationBrief
from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Measure
from dexter.domain.filing import Basis
from dexter.domain.moment import AsOf
from dexter.domain.research import Finding, TaskOutcome, TaskStatus
from dexter.domain.statement import Check
from dexter.tools.surprise import MEASURES
from tests.agents.scripted import NOW, Scripted, evidence, says, task, toolbox

BRIEF = ValidationBrief(
    question="How did Kaveri Cables do?",
    tasks=(task("t1"), task("t2", "results_calendar")),
    checks=(Check("total adds up", ok=False, detail="1 against 2"),),
    conflicts=(),
    absences=(),
    evidence=(evidence(),),
    follow_ups_left=3,
)


def wish(name: str, **fields: object) -> dict[str, object]:
    arguments = '{"symbol": "KAVCAB"}'
    return {"id": name, "tool": "read_statement", "arguments": arguments} | fields


def opinion(*wishes: dict[str, object], remarks: tuple[str, ...] = ()) -> object:
    return says({"follow_ups": list(wishes), "remarks": list(remarks)})


async def asked(*replies: object) -> tuple[tuple[str, ...], tuple[str, ...], Scripted]:
    model = Scripted(replies)  # type: ignore[arg-type]  # made by says()
    more, remarks = await validation.opinion(BRIEF, model, toolbox())
    return tuple(t.id for t in more), remarks, model


async def test_nothing_wished_for_is_the_usual_answer() -> None:
    assert (await asked(opinion()))[:2] == ((), ())


async def test_follow_ups_may_need_what_is_done_already() -> None:
    more, _, model = await asked(opinion(wish("v1", depends_on=["t1"]), wish("v2")))
    assert more == ("v1", "v2")
    assert "FAILED total adds up: 1 against 2" in model.asked[0].prompt
    assert evidence().id not in model.asked[0].prompt


@pytest.mark.parametrize(
    ("wishes", "problem"),
    [
        ([wish(f"v{i}") for i in range(4)], "4 tasks, at most 3 are allowed"),
        ([wish("t1")], "two tasks have the same id"),
        ([wish("v1", tool="buy")], "no tool called 'buy'"),
        ([wish("v1", depends_on=["t7"])], "v1 depends on t7"),
    ],
)
async def test_unusable_wishes_go_back_once_and_are_then_dropped(
    wishes: list[dict[str, object]], problem: str
) -> None:
    more, remarks, model = await asked(opinion(*wishes), opinion(*wishes))
    assert more == ()
    assert problem in model.sent_back()
    assert problem in remarks[0]
    assert (await asked(opinion(*wishes), opinion(wish("v1"))))[0] == ("v1",)


async def test_remarks_hold_words_only() -> None:
    said = ("No session has closed yet.", "Profit was 1,035 crore.", " ", "Q१ is odd")
    assert (await asked(opinion(remarks=said)))[1] == ("No session has closed yet.",)
    many = tuple(f"remark {'x' * i}" for i in range(9))
    assert len((await asked(opinion(remarks=many)))[1]) == 4


def outcome(*found: Evidence) -> TaskOutcome:
    finding = Finding(evidence=found)
    return TaskOutcome(task("t1"), TaskStatus.DONE, None, NOW, NOW, finding)


def verdict(*found: Evidence) -> tuple[dict[str, bool], validation.Verdict]:
    said = validation.examine([outcome(*found)], AsOf(NOW, explicit=True))
    return {check.name: check.ok for check in said.checks}, said


GROWTH = "(net_profit − net_profit base) / net_profit base"


def grown(by: str, now: Evidence, base: Evidence, formula: str = GROWTH) -> Evidence:
    source = Derivation(formula, (now.id, base.id))
    return replace(
        now,
        kind=EvidenceKind.COMPUTED,
        name="profit_yoy",
        unit=Measure.CHANGE,
        value=Decimal(by),
        source=source,
    ).with_key()


NOW_FIGURE = evidence(value="150")
BASE_FIGURE = evidence(value="100", period="Q1 FY25")
REACTION = "close after / close before − 1"
RECOMPUTED = "growth and margins recomputed from their inputs"


@pytest.mark.parametrize(("by", "ok"), [("0.5", True), ("0.500004", False)])
def test_growth_is_counted_again(by: str, ok: object) -> None:
    named, _ = verdict(NOW_FIGURE, BASE_FIGURE, grown(by, NOW_FIGURE, BASE_FIGURE))
    assert named[RECOMPUTED] is ok


@pytest.mark.parametrize(
    "formula",
    [*(f for unit, f, _ in MEASURES.values() if unit is Measure.CHANGE), REACTION],
)
def test_every_growth_of_the_tools_is_counted_again(formula: str) -> None:
    value = grown("0.4", NOW_FIGURE, BASE_FIGURE, formula)
    assert verdict(NOW_FIGURE, BASE_FIGURE, value)[0][RECOMPUTED] is False


@pytest.mark.parametrize(
    "formula", ["net_profit / revenue", "net_profit / total_income"]
)
def test_a_margin_is_counted_again(formula: str) -> None:
    for by, ok in (("1.5", True), ("1.6", False)):
        share = grown(by, NOW_FIGURE, BASE_FIGURE, formula)
        assert verdict(NOW_FIGURE, BASE_FIGURE, share)[0][RECOMPUTED] is ok


@pytest.mark.parametrize(
    "formula",
    [
        "gap_last = last open over the close before - 1 (looking back 2 sessions)",
        f"{REACTION}, before × 0.5 for a split or bonus",
    ],
)
def test_a_change_by_another_formula_is_not_counted_as_growth(formula: str) -> None:
    other = grown("0.1", NOW_FIGURE, BASE_FIGURE, formula)
    assert RECOMPUTED not in verdict(NOW_FIGURE, BASE_FIGURE, other)[0]


def test_bases_are_not_mixed_in_one_value() -> None:
    other = evidence(value="100", period="Q1 FY25", basis="consolidated")
    named, _ = verdict(NOW_FIGURE, other, grown("0.5", NOW_FIGURE, other))
    assert named["computed values mix no bases"] is False
    assert other.basis is Basis.CONSOLIDATED


def test_nothing_later_than_the_moment_passes() -> None:
    late = replace(NOW_FIGURE, known_at=NOW + timedelta(seconds=1))
    named, _ = verdict(late)
    assert named["nothing from after the as-of moment"] is False
    assert verdict(NOW_FIGURE)[0]["nothing from after the as-of moment"] is True


def test_documents_that_disagree_are_a_conflict_with_both_values() -> None:
    other = evidence(value="151", document="results.xml")
    _, said = verdict(NOW_FIGURE, other, BASE_FIGURE)
    (conflict,) = said.conflicts
    assert conflict.values == (NOW_FIGURE.id, other.id)
    assert "150 (results.pdf) against 151 (results.xml)" in conflict.what
