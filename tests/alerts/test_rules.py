"""Which results are alerted, how loudly, and what is said of the others."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dexter.alerts.rules import WATCHED, Decision, Facts, decide
from dexter.domain.alert import Alert, Blockbuster, Confidence, Demonstrated, Priority
from dexter.domain.evidence import Evidence, EvidenceKind, Measure, Source
from dexter.domain.filing import Grade
from dexter.domain.priority import priority_of
from dexter.operating import Alerting, Operating, Rule
from dexter.tools.cite import worst_grade
from tests.alerts.making import alert, bare

PLAIN = Evidence("e1", EvidenceKind.FACT, "x", Measure.COUNT, None, Source("x"))
UNKNOWN = Facts(turnover=None, watched=False)
SEEN = Facts(turnover=Decimal(50_000_000), watched=True)


def scored(
    score: str | None, coverage: str = "1", confidence: Confidence | None = None
) -> Alert:
    """An alert with just these scores."""
    made = bare()
    points = None if score is None else Decimal(score)
    found = Blockbuster(points, Decimal(coverage), {}, None if score else "no peers")
    if confidence is None:
        return replace(made, blockbuster=found)
    prediction = alert().prediction
    assert prediction
    return replace(
        made, blockbuster=found, prediction=replace(prediction, confidence=confidence)
    )


def by(*rules: Rule, watched: Priority | None = None) -> Operating:
    """An operator with just these rules."""
    return Operating(alerts=Alerting(rules=rules, watched_priority=watched))


def rule(called: str = "x", says: str = "high", /, **conditions: object) -> Rule:
    """A rule."""
    return Rule.model_validate({"name": called, "priority": says, **conditions})


def spoke(one: Rule, about: Alert, facts: Facts = UNKNOWN) -> bool:
    """Whether a rule alone alerts."""
    return decide(about, facts, by(one)).alerts


@given(
    score=st.none() | st.decimals(0, 100, places=3),
    coverage=st.decimals(0, 1, places=3),
    confidence=st.none() | st.sampled_from(Confidence),
)
@example(score=Decimal(80), coverage=Decimal("0.5"), confidence=Confidence.MEDIUM)
@example(score=Decimal("79.999"), coverage=Decimal(1), confidence=Confidence.HIGH)
@example(score=Decimal(60), coverage=Decimal("0.5"), confidence=Confidence.LOW)
@example(score=Decimal("59.999"), coverage=Decimal(1), confidence=None)
@example(score=Decimal(100), coverage=Decimal("0.499"), confidence=None)
def test_the_default_rules_give_every_result_its_own_priority(
    score: Decimal | None, coverage: Decimal, confidence: Confidence | None
) -> None:
    made = scored(None if score is None else str(score), str(coverage), confidence)
    decision = decide(made, UNKNOWN, Operating())
    own = priority_of(score, coverage, confidence)
    assert decision.priority is own
    assert decision.alerts is (own in {Priority.HIGH, Priority.MEDIUM})
    assert bool(decision.rule) is decision.alerts
    assert decision.reason.isprintable()


@pytest.mark.parametrize("own", list(Priority))
def test_an_alert_s_own_priority_decides_nothing(own: Priority) -> None:
    made = replace(scored("85", "1", Confidence.MEDIUM), priority=own)
    assert decide(made, UNKNOWN, Operating()).priority is Priority.HIGH


def test_words_decide_nothing() -> None:
    made = scored("55")
    loud = replace(made, reasons=("blockbuster 99 of 100", "confidence HIGH"))
    assert decide(loud, UNKNOWN, Operating()) == decide(made, UNKNOWN, Operating())


def test_the_first_rule_that_holds_speaks() -> None:
    operating = by(
        rule("best", "high", blockbuster=90),
        rule("good", "low", blockbuster=50),
        rule("also good", "high", blockbuster=50),
    )
    decision = decide(scored("75", "0.8"), UNKNOWN, operating)
    assert decision == Decision(
        alerts=True,
        priority=Priority.LOW,
        rule="good",
        reason="rule 'good': blockbuster 75 and coverage 80%",
    )


def test_a_rule_without_conditions_holds_for_every_result() -> None:
    decision = decide(bare(), UNKNOWN, by(rule("all", "low")))
    assert (decision.alerts, decision.rule) == (True, "all")
    assert decision.reason == "rule 'all': it holds for every result"


def test_a_silent_rule_says_so() -> None:
    operating = by(rule("rows", "silent", grades=["imported"]), rule("all", "high"))
    decision = decide(bare(), UNKNOWN, operating)
    assert decision == Decision(
        alerts=False,
        priority=Priority.LOW,
        rule="rows",
        reason="rule 'rows' says silent: grade imported",
    )
    assert decide(alert(), UNKNOWN, operating).rule == "all"


@pytest.mark.parametrize(
    ("conditions", "edge", "over"),
    [
        ({"blockbuster": "84.3"}, "84.3", "84.4"),
        ({"coverage": "0.75"}, "0.75", "0.76"),
        ({"probability": "0.1234"}, "0.1234", "0.1235"),
    ],
)
def test_a_least_value_is_enough(
    conditions: dict[str, str], edge: str, over: str
) -> None:
    (key,) = conditions
    assert spoke(rule(**{key: Decimal(edge)}), alert())
    assert not spoke(rule(**{key: Decimal(over)}), alert())


def test_turnover_is_held_against_its_least() -> None:
    assert spoke(rule(turnover=50_000_000), alert(), SEEN)
    decision = decide(alert(), SEEN, by(rule(turnover=50_000_001)))
    assert not decision.alerts
    assert "turnover ₹5 crore a day is below ₹5.0000001 crore" in decision.reason


def test_an_unknown_turnover_meets_no_condition_even_of_nothing() -> None:
    decision = decide(alert(), UNKNOWN, by(rule(turnover=0)))
    assert decision.reason == "no rule spoke: turnover is not known, of rule 'x'"


@pytest.mark.parametrize(
    ("has", "wants", "holds"),
    [
        (Confidence.LOW, Confidence.LOW, True),
        (Confidence.LOW, Confidence.MEDIUM, False),
        (Confidence.MEDIUM, Confidence.MEDIUM, True),
        (Confidence.HIGH, Confidence.MEDIUM, True),
        (Confidence.MEDIUM, Confidence.HIGH, False),
    ],
)
def test_confidence_has_an_order(
    has: Confidence, wants: Confidence, *, holds: bool
) -> None:
    assert spoke(rule(confidence=wants), scored("1", "1", has)) is holds


@pytest.mark.parametrize("has", list(Grade))
@pytest.mark.parametrize("wants", list(Grade))
def test_the_order_of_grades_is_that_of_an_alert_s_weakest_figure(
    has: Grade, wants: Grade
) -> None:
    weaker = worst_grade([replace(PLAIN, grade=has), replace(PLAIN, grade=wants)])
    assert spoke(rule(grade=wants), alert(data_grade=has.value)) is (weaker is wants)


def test_grades_can_be_named_one_by_one() -> None:
    one = rule(grades=["A", "imported"])
    found = [spoke(one, alert(data_grade=grade.value)) for grade in Grade]
    assert found == [True, False, False, True]
    decision = decide(alert(data_grade="B"), UNKNOWN, by(one))
    assert "grade B is not A or imported" in decision.reason


def test_a_grade_nobody_knows_meets_no_condition() -> None:
    decision = decide(alert(data_grade="Z"), UNKNOWN, by(rule(grade="imported")))
    assert not decision.alerts
    assert "grade Z is none of A, B, C, imported" in decision.reason


@pytest.mark.parametrize("what", ["edge", "skill"])
def test_edge_and_skill_are_demonstrated_or_not(what: str) -> None:
    one = rule(**{what: "demonstrated"})
    for state in Demonstrated:
        prediction = alert().prediction
        assert prediction
        only: dict[str, Any] = {what: state}
        about = alert(prediction=replace(prediction, **only))
        assert spoke(one, about) is (state is Demonstrated.YES)


@pytest.mark.parametrize("watched", [True, False])
def test_being_watched_is_a_condition(*, watched: bool) -> None:
    facts = replace(UNKNOWN, watched=watched)
    assert spoke(rule(watched=True), alert(), facts) is watched
    assert spoke(rule(watched=False), alert(), facts) is not watched


@pytest.mark.parametrize(
    "condition",
    [
        {"probability": 0},
        {"confidence": "LOW"},
        {"edge": "demonstrated"},
        {"skill": "demonstrated"},
    ],
)
def test_without_a_prediction_its_conditions_fail_with_its_reason(
    condition: dict[str, object],
) -> None:
    decision = decide(bare(), UNKNOWN, by(rule(**condition)))
    assert not decision.alerts
    assert decision.reason == (
        "no rule spoke: there is no prediction (22% of the model's inputs are known, "
        "50% are the least), of rule 'x'"
    )


def test_a_reason_said_twice_is_said_once() -> None:
    both = rule(confidence="LOW", probability=0, skill="demonstrated")
    assert decide(bare(), UNKNOWN, by(both)).reason.count("no prediction") == 1


def test_an_unknown_score_says_why() -> None:
    decision = decide(bare(), UNKNOWN, by(rule(blockbuster=0, coverage=0)))
    assert "blockbuster is not known (too few peers have reported)" in decision.reason


def test_all_conditions_must_hold() -> None:
    both: dict[str, object] = {"blockbuster": 80, "confidence": "MEDIUM"}
    assert spoke(rule(**both), scored("85", "1", Confidence.MEDIUM))
    assert not spoke(rule(**both), scored("85", "1", Confidence.LOW))
    assert not spoke(rule(**both), scored("75", "1", Confidence.MEDIUM))
    assert not spoke(rule(**both), scored("85", "0.4", Confidence.MEDIUM))


def test_silence_names_the_nearest_miss_first() -> None:
    decision = decide(scored("55", "1", Confidence.LOW), UNKNOWN, Operating())
    assert decision == Decision(
        alerts=False,
        priority=Priority.LOW,
        rule="",
        reason="no rule spoke: blockbuster 55 is below 60, of rule 'good score'; "
        "'model confident' lacks confidence MEDIUM; "
        "'high score, model agrees' lacks blockbuster 80 and confidence MEDIUM",
    )


def test_a_number_that_missed_is_never_rounded_onto_its_bound() -> None:
    decision = decide(scored("59.99996"), UNKNOWN, by(rule(blockbuster=60)))
    assert "blockbuster 59.99996 is below 60" in decision.reason
    close = decide(scored("59.9999999999"), UNKNOWN, by(rule(blockbuster=60)))
    assert "blockbuster 59.9999999999 is below 60" in close.reason
    assert not spoke(rule(blockbuster=60), scored(f"59.{'9' * 40}"))


def test_many_rules_are_told_in_short() -> None:
    rules = [rule(f"r{n}", blockbuster=60 + n) for n in range(10)]
    reason = decide(scored("50"), UNKNOWN, by(*rules)).reason
    assert reason.startswith("no rule spoke: blockbuster 50 is below 60, of rule 'r0'")
    assert reason.endswith("'r4' lacks blockbuster 64; 5 more lack something too")


def test_without_rules_nothing_speaks() -> None:
    decision = decide(alert(), UNKNOWN, by())
    assert (decision.alerts, decision.reason) == (
        False,
        "no rule spoke: there are none",
    )


WATCHING = replace(UNKNOWN, watched=True)


def test_a_watched_company_speaks_where_no_rule_does() -> None:
    operating = by(rule("never", blockbuster=100), watched=Priority.MEDIUM)
    decision = decide(scored("20"), WATCHING, operating)
    assert (decision.alerts, decision.priority) == (True, Priority.MEDIUM)
    assert decision.rule == WATCHED
    assert decision.reason.startswith("it is watched; no rule spoke: blockbuster 20 is")
    assert not decide(scored("20"), UNKNOWN, operating).alerts


@given(
    least=st.sampled_from(Priority),
    says=st.sampled_from(["high", "medium", "low", "silent"]),
    watched=st.booleans(),
)
def test_a_watched_company_gets_at_least_its_priority_unless_silenced(
    least: Priority, says: str, *, watched: bool
) -> None:
    facts = replace(UNKNOWN, watched=watched)
    decision = decide(alert(), facts, by(rule("x", says), watched=least))
    order = ["high", "medium", "low"]
    assert decision.rule == "x"
    if says == "silent":
        assert not decision.alerts
        return
    assert decision.alerts
    due = min(says, least.value, key=order.index) if watched else says
    assert decision.priority == due
    assert ("raised to" in decision.reason) is (due != says)


def test_a_watched_company_gets_nothing_more_where_nothing_was_said() -> None:
    seen, unseen = (decide(scored("1"), f, Operating()) for f in (WATCHING, UNKNOWN))
    assert seen == unseen
