"""alert: the priority rules, and only what belongs to the company and quarter."""

from dataclasses import replace
from decimal import Decimal

import pytest

from dexter.domain.alert import Alert, Blockbuster, Confidence, Priority
from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Measure
from dexter.domain.research import Absence, Finding, TaskOutcome
from dexter.tools.alert import TOOL, priority
from dexter.tools.events import EventQuestion
from tests.tools.fakes import PUBLISHED, Market
from tests.tools.making import STANDALONE, company, outcome, predicted, row


def scored(points: str | None, coverage: str = "1") -> Blockbuster:
    score = Decimal(points) if points else None
    return Blockbuster(score, Decimal(coverage), {}, None if points else "no peers")


@pytest.mark.parametrize(
    ("points", "coverage", "confidence", "expected"),
    [
        ("80", "1", Confidence.MEDIUM, Priority.HIGH),
        ("80", "0.5", Confidence.HIGH, Priority.HIGH),
        ("80", "0.25", Confidence.HIGH, Priority.MEDIUM),
        ("80", "0.25", Confidence.LOW, Priority.LOW),
        ("80", "1", Confidence.LOW, Priority.MEDIUM),
        ("80", "1", None, Priority.MEDIUM),
        ("79.9", "1", Confidence.HIGH, Priority.MEDIUM),
        ("60", "1", None, Priority.MEDIUM),
        ("59.9", "1", Confidence.LOW, Priority.LOW),
        (None, "0", Confidence.MEDIUM, Priority.MEDIUM),
        (None, "0", None, Priority.LOW),
    ],
)
def test_priority(
    points: str | None,
    coverage: str,
    confidence: Confidence | None,
    expected: Priority,
) -> None:
    likely = predicted(confidence=confidence) if confidence else None

    assert priority(scored(points, coverage), likely) is expected


def test_nothing_known_is_low() -> None:
    assert priority(None, None) is Priority.LOW


def evidence(name: str, symbol: str = "HCL", period: str = "Q1 FY25") -> Evidence:
    return Evidence(
        id="",
        kind=EvidenceKind.COMPUTED,
        name=name,
        unit=Measure.SCORE,
        value=Decimal(80),
        source=Derivation("formula", ()),
        symbol=symbol,
        period=period,
    ).with_key()


async def alerted(*outcomes: TaskOutcome, quarter: str | None = None) -> Alert:
    rows = [row("Q1 FY25", "120", basis=STANDALONE), row("Q4 FY24", "110")]
    market = Market([company(), company("TCS")], rows=rows)
    needs = {o.task.id: (o,) for o in outcomes}
    found = await TOOL.run(
        EventQuestion(symbol="HCL", quarter=quarter), market.context(None, **needs)
    )
    (alert,) = found.alerts
    return alert


async def test_scores_come_together_with_their_evidence() -> None:
    score = Finding(evidence=(evidence("blockbuster"),), blockbuster=scored("85"))
    chance = replace(evidence("probability"), kind=EvidenceKind.PREDICTION)
    given = evidence("sue")
    likely = Finding(evidence=(chance, given), prediction=predicted())

    alert = await alerted(
        outcome("t1", "blockbuster_score", score), outcome("t2", "predict", likely)
    )

    assert (alert.priority, alert.basis) == (Priority.HIGH, STANDALONE)
    assert (alert.period, alert.published_at) == ("Q1 FY25", PUBLISHED)
    assert alert.evidence == (score.evidence[0].id, likely.evidence[0].id)
    assert alert.id == "HCL-2024-06-30-standalone"
    assert "blockbuster 85 of 100 on 100% of its parts" in alert.reasons
    assert any("edge not demonstrated" in reason for reason in alert.reasons)
    assert alert.vcp_reason == "was not asked for"


async def test_what_is_missing_has_its_reason() -> None:
    none = Finding(absences=(Absence("prediction for Hcl Limited", "no champion"),))
    failed = outcome("t3", "vcp", Finding(), "The store is damaged.", symbol="HCL")

    alert = await alerted(outcome("t2", "predict", none, symbol="HCL"), failed)

    assert alert.prediction is None
    assert alert.prediction_reason == "no champion"
    assert alert.vcp_reason == "its task failed: The store is damaged."
    assert alert.blockbuster.score is None
    assert alert.blockbuster.reason == "was not asked for"


async def test_another_company_or_quarter_lends_it_nothing() -> None:
    other = Finding(
        evidence=(evidence("blockbuster", "TCS"),), blockbuster=scored("99")
    )
    older = Finding(
        evidence=(evidence("probability", period="Q4 FY24"),), prediction=predicted()
    )
    failed = outcome("t3", "vcp", Finding(), "TCS broke.", symbol="TCS")

    alert = await alerted(
        outcome("t1", "blockbuster_score", other),
        outcome("t2", "predict", older),
        failed,
    )

    assert alert.blockbuster.score is None
    assert alert.prediction is None
    assert alert.vcp_reason == "was not asked for"
    assert alert.priority is Priority.LOW


async def test_without_an_event_there_is_no_alert() -> None:
    market = Market([company()])

    found = await TOOL.run(EventQuestion(symbol="HCL"), market.context())

    assert found.alerts == ()
    assert found.absences == (
        Absence("alert for Hcl Limited", "no figures are visible"),
    )
