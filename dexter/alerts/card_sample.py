"""An invented alert, to see that a channel works; nothing in it can pass for real."""

from datetime import datetime
from decimal import Decimal

from dexter.domain.alert import (
    Alert,
    Blockbuster,
    Component,
    Confidence,
    Demonstrated,
    Prediction,
    Priority,
)
from dexter.domain.delivery import Message
from dexter.domain.filing import Basis

TEST = "TEST MESSAGE of dexter"
_PARTS = {"surprise": "90", "growth": "80", "margin": "70"}
_UNKNOWN = Component(None, None, (), "left out, to show how an absence is told")


def sample(moment: datetime) -> Message:
    """A test message; each moment makes another, so that none is taken for a repeat."""
    return Message(key=f"test/{moment.isoformat()}", alert=_alert(moment))


def _alert(moment: datetime) -> Alert:
    parts = {
        name: Component(None, Decimal(percentile), ())
        for name, percentile in _PARTS.items()
    }
    return Alert(
        id="TEST",
        symbol="TEST",
        company=TEST,
        period="Q1 FY00",
        basis=Basis.STANDALONE,
        published_at=moment,
        priority=Priority.MEDIUM,
        blockbuster=Blockbuster(
            Decimal(80), Decimal("0.75"), {**parts, "quality": _UNKNOWN}
        ),
        prediction=_prediction(),
        prediction_reason=None,
        data_grade="C",
        vcp=None,
        vcp_reason="left out, too",
        reasons=(
            "`dexter alerts test` sent this to see that the channel works",
            "nothing was filed, and none of these figures is one",
        ),
        evidence=(),
        fictional=True,
    )


def _prediction() -> Prediction:
    return Prediction(
        label="upper_circuit_3d",
        probability=Decimal("0.05"),
        confidence=Confidence.LOW,
        base_rate=Decimal("0.04"),
        interval=(Decimal("0.03"), Decimal("0.07")),
        basis=Basis.STANDALONE,
        model_version="none",
        skill=Demonstrated.NO,
        edge=Demonstrated.NO,
        evidence_table="",
        illustrative=True,
    )
