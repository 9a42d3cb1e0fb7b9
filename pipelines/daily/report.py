"""The report of a day: the document of ``daily --json``, and how the day ended."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from dexter.domain.alert import Alert
from dexter.domain.daily import DayFiling, DayState, FilingState
from dexter.domain.delivery import Delivery, DeliveryState
from dexter.domain.filing import ExpectedResults
from dexter.domain.moment import IST, AsOf, in_india
from dexter.domain.period import Window
from dexter.domain.research import Usage
from dexter.errors import PredictorError
from dexter.store.alerts import AlertLedger
from dexter.store.days import DayBook
from dexter.store.filings import StoreFilings
from dexter.store.outbox import Outbox
from pipelines.daily.day import Day

FINE = "fine"


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[list[Alert]]:
    return TypeAdapter(list[Alert])


@dataclass(frozen=True, slots=True)
class DayReport:
    """A day as it stands.

    Args:
        state: How it ended.
        reason: Why it is not done.
        document: As ``daily --json`` prints it, and what the pages tell beyond it.
        alerts: The alerts among it.
    """

    state: DayState
    reason: str | None
    document: Mapping[str, Any]
    alerts: tuple[Alert, ...] = ()


async def report_of(day: Day, at: datetime) -> DayReport:
    """What became of a day's filings and letters, as kept at a moment.

    Args:
        day: The day; of one that keeps nothing, what it decided.
        at: Now.
    """
    before = _before(day)
    filings = _filings(day, before)
    alerts = _alerts(day, filings)
    expected = await _expected(day)
    missing = _missing(expected, filings)
    model = await _model(day, alerts)
    state, reason = _ending(day, filings, model["reason"], at)
    document = {
        "date": day.day.isoformat(),
        "run_id": day.journal.run_id,
        "filings": [_filing(one) for one in filings],
        "alerts": _adapter().dump_python(list(alerts), mode="json"),
        "deliveries": _deliveries(day, alerts),
        "expected_but_missing": [one.symbol for one in missing],
        "sources": dict(day.sources),
        "usage": _and_before(usage_of(day.spent), before),
        "state": state.value,
        "reason": reason,
        "dry_run": day.dry,
        "fictional": day.desk.market.fictional,
        "expected": len(expected),
        "oldest_unread": in_india(day.oldest_unread),
        "model": model,
    }
    return DayReport(state, reason, document, tuple(alerts))


def usage_of(spent: Iterable[Usage]) -> dict[str, Any]:
    """What runs cost together; an unknown price makes the sum unknown."""
    total = list(spent)
    priced = [one.usd for one in total]
    return {
        "runs": len(total),
        "model_calls": sum(one.model_calls for one in total),
        "input_tokens": sum(one.input_tokens for one in total),
        "output_tokens": sum(one.output_tokens for one in total),
        "usd": None
        if None in priced
        else str(sum((p for p in priced if p is not None), Decimal(0))),
        "seconds": round(sum((one.seconds for one in total), 0.0), 3),
    }


def _before(day: Day) -> Mapping[str, Any]:
    """The report of the day as an earlier run left it; empty without one."""
    record = DayBook(day.database).record(day.day)
    if day.dry or record is None or record.body is None:
        return {}
    told: dict[str, Any] = json.loads(record.body)
    return told


def _and_before(usage: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """What a day cost in all its runs."""
    if not before:
        return usage
    then = before["usage"]
    total = {name: value + then[name] for name, value in usage.items() if name != "usd"}
    prices = usage["usd"], then["usd"]
    known = None if None in prices else str(sum(map(Decimal, prices)))
    return {**usage, **total, "usd": known, "seconds": round(total["seconds"], 3)}


def _filings(day: Day, before: Mapping[str, Any]) -> list[DayFiling]:
    """A day's own, and those of earlier days that one of its runs decided."""
    book = DayBook(day.database)
    kept = {one.id: one for one in book.filings(day.day)}
    late = {one.id for one in day.decided if one.day != day.day}
    late |= {one["id"] for one in before.get("filings", ())}
    kept |= book.find(late - kept.keys())
    if day.dry:
        kept |= {one.id: one for one in day.decided}
    return sorted(kept.values(), key=lambda one: _place(one, day.day))


def _place(one: DayFiling, day: date) -> tuple[bool, bool, datetime, str, str]:
    """The day's own first, by publication, unknown moments last."""
    at = one.published_at or datetime.min.replace(tzinfo=IST)
    return one.day != day, one.published_at is None, at, one.symbol, one.id


def _alerts(day: Day, filings: Sequence[DayFiling]) -> list[Alert]:
    tried = {one.filing.id: one.spoken for one in day.alerts if day.dry}
    ledger = AlertLedger(day.database)
    found = []
    for one in filings:
        if one.state is not FilingState.ALERTED or one.alert_id is None:
            continue
        spoken = tried.get(one.id)
        kept = None if spoken else ledger.find(one.alert_id, one.alert_version)
        alert = spoken.alert if spoken else kept and kept.alert
        found += [alert] if alert else []
    return found


def _deliveries(day: Day, alerts: Sequence[Alert]) -> list[dict[str, Any]]:
    mine = {one.id for one in alerts}
    rows = Outbox(day.database).all() if mine else ()
    return [_delivery(one) for one in rows if one.item in mine]


def _delivery(one: Delivery) -> dict[str, Any]:
    under_way = one.state is DeliveryState.SENDING
    return {
        "alert_id": one.item,
        "version": one.version,
        "channel": one.channel,
        "recipient": one.recipient,
        "state": DeliveryState.PENDING if under_way else one.state,
        "reason": one.reason,
        "repeats": one.repeats,
    }


async def _expected(day: Day) -> tuple[ExpectedResults, ...]:
    window = Window(day.day, day.day, "the day")
    over = AsOf(day.over, explicit=True)
    return await StoreFilings(day.database).expected(window, over)


def _missing(
    expected: Sequence[ExpectedResults], filings: Sequence[DayFiling]
) -> list[ExpectedResults]:
    came = {
        one.symbol
        for one in filings
        if one.state not in {FilingState.NOT_RESULTS, FilingState.NO_DOCUMENT}
    }
    return [one for one in expected if one.symbol not in came]


def _ending(
    day: Day, filings: Sequence[DayFiling], unscored: str | None, at: datetime
) -> tuple[DayState, str | None]:
    """Done, or what is still open of it."""
    open_still = []
    failed = sum(one.state is FilingState.FAILED for one in filings)
    if failed:
        open_still.append(f"{failed} filing{'' if failed == 1 else 's'} failed")
    trouble = [name for name, state in day.sources.items() if state != FINE]
    if trouble:
        open_still.append(f"not everything came from: {', '.join(sorted(trouble))}")
    if unscored:
        open_still.append(f"no model scored the filings: {unscored}")
    if at < day.over:
        open_still.append("the day is not over")
    if not open_still:
        return DayState.DONE, None
    return DayState.PARTIAL, "; ".join(open_still)


async def _model(day: Day, alerts: Sequence[Alert]) -> dict[str, Any]:
    """The champion that scored, how old it is, and how often it refused."""
    chances = [one.prediction.probability for one in alerts if one.prediction]
    refused = Counter(one.prediction_reason for one in alerts if one.prediction is None)
    told = {
        "predictions": len(chances),
        "mean_probability": f"{sum(chances) / len(chances):.4f}" if chances else None,
        "without_prediction": {str(why): n for why, n in refused.items()},
    }
    try:
        card = await day.desk.champion()
    except PredictorError as error:
        unknown = ("version", "trained_until", "days_since_training", "base_rate")
        none = dict.fromkeys((*unknown, "skill", "edge"))
        return {**none, "reason": error.sentence, **told}
    return {
        "version": card.version,
        "trained_until": card.trained_until.isoformat(),
        "days_since_training": (day.day - card.trained_until).days,
        "base_rate": str(card.base_rate),
        "skill": card.skill.value,
        "edge": card.edge.value,
        "reason": None,
        **told,
    }


def _filing(one: DayFiling) -> dict[str, Any]:
    return {
        "id": one.id,
        "version": one.version,
        "symbol": one.symbol,
        "basis": one.basis and one.basis.value,
        "state": one.state.value,
        "reason": one.reason,
        "day": one.day.isoformat(),
        "published_at": in_india(one.published_at),
        "run_id": one.run_id,
        "rule": one.rule,
        "alert_id": one.alert_id,
        "alert_version": one.alert_version,
    }


def as_text(document: Mapping[str, Any]) -> str:
    """A report as kept beside its day."""
    return json.dumps(document, ensure_ascii=False, default=str)
