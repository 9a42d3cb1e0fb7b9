"""Alerts made up for the ledger."""

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
from dexter.domain.filing import Basis
from dexter.domain.moment import IST
from dexter.domain.period import Quarter

PUBLISHED = datetime(2024, 7, 12, 16, 45, 30, tzinfo=IST)


def alert(  # noqa: PLR0913 - an alert has many parts
    symbol: str = "HCL",
    period: str = "Q1 FY25",
    *,
    priority: Priority = Priority.HIGH,
    probability: str | None = "0.1234",
    score: str | None = "85.5",
    model: str = "made-up-1",
    published_at: datetime | None = PUBLISHED,
) -> Alert:
    """An alert with or without its parts."""
    part = Component(Decimal("1.5"), Decimal("85.5"), ("e1",))
    return Alert(
        id=f"{symbol}-{Quarter.parse(period).end}-standalone",
        symbol=symbol,
        company=f"{symbol} Limited",
        period=period,
        basis=Basis.STANDALONE,
        published_at=published_at,
        priority=priority,
        blockbuster=Blockbuster(Decimal(score), Decimal(1), {"surprise": part})
        if score
        else Blockbuster(None, Decimal(0), {}, "no peers"),
        prediction=_prediction(probability, model) if probability else None,
        prediction_reason=None if probability else "no champion",
        data_grade="A",
        vcp=None,
        vcp_reason="was not asked for",
        reasons=("blockbuster 86 of 100",),
        evidence=("e1",),
    )


def _prediction(probability: str, model: str) -> Prediction:
    return Prediction(
        label="upper_circuit_3d",
        probability=Decimal(probability),
        confidence=Confidence.MEDIUM,
        base_rate=Decimal("0.0345"),
        interval=(Decimal("0.05"), Decimal("0.2")),
        basis=Basis.STANDALONE,
        model_version=model,
        skill=Demonstrated.YES,
        edge=Demonstrated.NO,
        evidence_table="| made up |",
    )
