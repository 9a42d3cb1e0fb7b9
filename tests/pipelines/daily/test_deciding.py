"""What the research of a filing comes to, by the operator's rules."""

from dataclasses import replace
from decimal import Decimal

import pytest

from dexter.alerts.rules import Facts
from dexter.domain.alert import Alert, Blockbuster, Confidence, Priority
from dexter.domain.daily import FilingState
from dexter.domain.filing import Basis
from dexter.domain.ledger import AlertRecord, KeptAlert
from dexter.domain.research import (
    Absence,
    Answer,
    PlannedTask,
    PlanRecord,
    Report,
    ReportStatus,
    TaskStatus,
    Usage,
)
from dexter.operating import Operating
from pipelines.daily import deciding
from pipelines.daily.before import Before
from pipelines.daily.deciding import Decided, Said
from pipelines.daily.unit import Unit
from tests.pipelines.daily.day_scenes import DAY, NEXT_MORNING, Q1, STANDALONE, at
from tests.tools.making import predicted

UNIT = Unit("0123456789ab", DAY, "ABC", at("16:00:00"), Q1, STANDALONE, version=2)
NOBODY = Facts(None, watched=False)


def alert(points: str | None = "85", chance: str | None = "0.12") -> Alert:
    score = Decimal(points) if points else None
    return Alert(
        id="ABC-2025-06-30-standalone",
        symbol="ABC",
        company="Abc Limited",
        period="Q1 FY26",
        basis=Basis.STANDALONE,
        published_at=at("16:00:00"),
        priority=Priority.LOW,
        blockbuster=Blockbuster(score, Decimal(1), {}, None if score else "no peers"),
        prediction=predicted(chance) if chance else None,
        prediction_reason=None if chance else "no model",
        data_grade="A",
        vcp=None,
        vcp_reason="no base",
        reasons=(),
        evidence=(),
    )


def report(*alerts: Alert, **about: object) -> Report:
    plain = Report(
        run_id="run-2",
        query="",
        as_of=at("16:00:00"),
        status=ReportStatus.ANSWERED,
        reason=None,
        model="offline",
        plan=PlanRecord("", ()),
        answer=Answer("", ()),
        evidence={},
        absences=(),
        conflicts=(),
        checks=(),
        alerts=alerts,
        usage=Usage(),
    )
    return replace(plain, **about)  # type: ignore[arg-type]  # a test's own fields


def said(version: int = 1, changes: tuple[str, ...] = (), **about: object) -> Said:
    told = replace(alert(), **about)  # type: ignore[arg-type]  # as above
    record = AlertRecord(
        id=told.id,
        version=version,
        symbol="ABC",
        period_end=Q1.end,
        basis=told.basis,
        published_at=told.published_at,
        priority=told.priority,
        probability=None,
        blockbuster=None,
        model_version=None,
        run_id="run-1",
        made_at=at("17:00:00"),
        sent_at=None,
    )
    return Said(KeptAlert(record, told, ""), changes)


def decided(done: Report, before: Said | None = None, **about: object) -> Decided:
    operating = Operating.model_validate(about)
    return deciding.decided(UNIT, done, before, NOBODY, operating, NEXT_MORNING)


def test_a_rule_that_speaks_makes_an_alert() -> None:
    done = decided(report(alert()))

    filing, spoken = done.filing, done.spoken
    assert spoken is not None
    assert (spoken.version, spoken.amends) == (1, ())
    assert spoken.alert.priority is Priority.HIGH
    assert (filing.state, filing.rule) == (
        FilingState.ALERTED,
        "high score, model agrees",
    )
    assert (filing.id, filing.version, filing.alert_version) == (UNIT.id, 2, 1)
    assert (filing.run_id, filing.decided_at) == ("run-2", NEXT_MORNING)
    assert filing.reason is not None
    assert filing.reason.startswith("rule 'high score, model agrees': ")


@pytest.mark.parametrize(
    "rules", [(), ({"name": "hush", "priority": "silent"},)], ids=["none", "silent"]
)
def test_suppression_has_its_reason(rules: tuple[dict[str, str], ...]) -> None:
    done = decided(report(alert()), alerts={"rules": rules})

    assert done.spoken is None
    assert done.filing.state is FilingState.NO_ALERT
    assert done.filing.alert_id is None
    assert done.filing.reason
    assert done.filing.rule == ("hush" if rules else "")


def test_prose_decides_nothing() -> None:
    loud = report(alert(None, None), answer=Answer("A blockbuster! Upper circuit!", ()))

    assert decided(loud).filing.state is FilingState.NO_ALERT


def test_an_amendment_is_said_however_quiet_the_new_version_is() -> None:
    changes = ("net profit: ₹2 crore before, ₹1 crore now",)
    before = said(changes=changes, priority=Priority.HIGH)

    done = decided(report(alert("10", "0.01")), before, alerts={"rules": ()})

    assert done.spoken is not None
    assert (done.spoken.version, done.spoken.alert.priority) == (2, Priority.HIGH)
    assert done.spoken.amends == (
        *changes,
        "blockbuster 85 before, 10 now",
        "probability 12% before, 1% now",
    )
    assert (done.filing.state, done.filing.reason) == (
        FilingState.ALERTED,
        "amends version 1",
    )
    assert done.filing.alert_version == 2


def test_an_amendment_is_as_loud_as_it_became() -> None:
    before = said(version=3, changes=("EPS",), priority=Priority.LOW)

    done = decided(report(alert()), before)

    assert done.spoken is not None
    assert (done.spoken.version, done.spoken.alert.priority) == (4, Priority.HIGH)


def test_scores_that_come_or_go_are_told() -> None:
    done = decided(report(alert(None, None)), said(changes=()))

    assert done.spoken is not None
    assert done.spoken.amends == (
        "blockbuster 85 before, none now",
        "probability 12% before, none now",
    )


def test_an_amendment_that_changes_nothing_is_no_amendment() -> None:
    done = decided(report(alert()), said())

    assert done.spoken is None
    assert (done.filing.state, done.filing.alert_id) == (FilingState.NO_ALERT, None)
    assert done.filing.reason == "changes nothing of version 1 of its alert"


def test_its_own_alert_amends_nothing() -> None:
    """The run was recorded, and its alert kept, before it was cut."""
    before = said()
    record = replace(before.kept.record, run_id="run-2")

    done = decided(report(alert()), Said(replace(before.kept, record=record)))

    assert done.filing.alert_version == 1


def test_what_could_not_be_scored_says_why() -> None:
    absent = (
        Absence("sue of Abc", "no history"),
        Absence("alert for Abc Limited", "no figures are visible"),
    )

    done = decided(report(absences=absent, status=ReportStatus.ABSTAINED, reason="x"))

    assert (done.filing.state, done.filing.reason) == (
        FilingState.NO_ALERT,
        "alert for Abc Limited: no figures are visible",
    )
    assert done.filing.run_id == "run-2"
    failed = decided(report(status=ReportStatus.FAILED, reason="it broke"))
    assert (failed.filing.state, failed.filing.reason) == (
        FilingState.FAILED,
        "it broke",
    )
    nothing = decided(report()).filing
    assert nothing.reason == "nothing could be scored"


@pytest.mark.parametrize(
    ("task", "state"),
    [("prediction", FilingState.FAILED), ("pattern", FilingState.ALERTED)],
)
def test_only_what_rules_decide_by_must_not_break(
    task: str, state: FilingState
) -> None:
    broken = PlannedTask(
        task, "action", "predict", {}, (), TaskStatus.FAILED, "no bars", None, None
    )
    plan = PlanRecord("", (broken,))

    done = decided(report(alert(), plan=plan))

    assert done.filing.state is state
    if state is FilingState.FAILED:
        assert (done.filing.reason, done.spoken) == ("prediction: no bars", None)


def test_what_needs_no_research_is_as_it_is() -> None:
    unit = replace(UNIT, settled=FilingState.REVIEW, reason="it does not add up")

    filing = deciding.settled(unit, NEXT_MORNING).filing

    assert (filing.state, filing.reason, filing.run_id) == (
        FilingState.REVIEW,
        "it does not add up",
        None,
    )
    with pytest.raises(ValueError, match=UNIT.id):
        deciding.settled(UNIT, NEXT_MORNING)
    same = deciding.alike(UNIT, Before("x", quiet="says the same as x"), NEXT_MORNING)
    assert (same.filing.state, same.filing.reason, same.filing.basis) == (
        FilingState.NO_ALERT,
        "says the same as x",
        STANDALONE,
    )


def test_confidence_is_asked_by_the_model_not_the_words() -> None:
    unsure = replace(
        alert("50"), prediction=predicted("0.9", confidence=Confidence.LOW)
    )

    assert decided(report(unsure)).spoken is None
