"""Messages made up for the channels."""

from dataclasses import replace
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
    VolatilityContraction,
)
from dexter.domain.delivery import Message, Notice
from dexter.domain.filing import Basis
from dexter.domain.moment import IST

NOW = datetime(2025, 7, 14, 18, 20, tzinfo=IST)
PNG = b"\x89PNG\r\n\x1a\n" + b"a picture"


class FixedClock:
    """The same moment, always."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    async def now(self) -> datetime:
        return self.moment


def alert(**about: object) -> Alert:
    """An alert with every score."""
    parts = {
        "surprise": Component(Decimal("2.31"), Decimal("93.4"), ("e1",)),
        "growth": Component(Decimal("0.41"), Decimal(88), ("e2",)),
        "margin": Component(Decimal("0.02"), Decimal("71.5"), ("e3",)),
        "quality": Component(None, None, (), "none of its peers have reported it"),
    }
    plain = Alert(
        id="SAMPLE-2025-06-30-standalone",
        symbol="M&M",
        company="Mahindra <& Sons> Limited",
        period="Q1 FY26",
        basis=Basis.STANDALONE,
        published_at=datetime(2025, 7, 14, 18, 5, 30, tzinfo=IST),
        priority=Priority.HIGH,
        blockbuster=Blockbuster(Decimal("84.3"), Decimal("0.75"), parts),
        prediction=Prediction(
            label="upper_circuit_3d",
            probability=Decimal("0.1234"),
            confidence=Confidence.MEDIUM,
            base_rate=Decimal("0.0386"),
            interval=(Decimal("0.081"), Decimal("0.172")),
            basis=Basis.STANDALONE,
            model_version="upper-circuit-3d-20250630-5d8d17d7",
            skill=Demonstrated.YES,
            edge=Demonstrated.NO,
            evidence_table="| made up |",
        ),
        prediction_reason=None,
        data_grade="A",
        vcp=VolatilityContraction(
            passed=True,
            contractions=2,
            depths=(Decimal("0.203"), Decimal("0.116")),
            template_passed=7,
            template_total=8,
            volume_dry_up=Decimal("0.61"),
            pivot=Decimal(1560),
            evidence=(),
        ),
        vcp_reason=None,
        reasons=(
            "blockbuster 84 of 100 on 75% of its parts",
            "probability 12.3% against a base rate of 3.9%; edge not demonstrated",
        ),
        evidence=("e1",),
    )
    return replace(plain, **about)  # type: ignore[arg-type]  # a test's own fields


def bare() -> Alert:
    """An alert none of whose scores is there, each with its reason."""
    return alert(
        basis=None,
        published_at=None,
        priority=Priority.LOW,
        blockbuster=Blockbuster(None, Decimal(0), {}, "too few peers have reported"),
        prediction=None,
        prediction_reason="22% of the model's inputs are known, 50% are the least",
        data_grade="imported",
        vcp=None,
        vcp_reason="no bars are kept of it",
        reasons=(),
    )


def message(key: str = "a-1", **about: object) -> Message:
    """An alert on its way."""
    return replace(Message(key, alert=alert()), **about)  # type: ignore[arg-type]  # as above


def notice(*lines: str, title: str = "No results came on 14 July 2025") -> Message:
    """A notice on its way."""
    return Message("n-1", notice=Notice("n-1", Priority.MEDIUM, title, lines))
