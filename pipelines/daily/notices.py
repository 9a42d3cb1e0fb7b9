"""What the operator must hear of a day besides its alerts: silence is a signal, too."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from dexter.domain.alert import Priority
from dexter.domain.delivery import Notice
from pipelines.daily.report import FINE, DayReport

_MOST = 12
_DIGITS = 8


def of_day(report: DayReport, *, session: bool) -> Iterator[Notice]:
    """Notices about a day that is over.

    Args:
        report: How it ended.
        session: Whether the exchanges were open.
    """
    document = report.document
    day, filings = document["date"], document["filings"]
    failed = [one for one in filings if one["state"] == "failed"]
    if failed:
        yield Notice(
            f"failed-{day}",
            Priority.HIGH,
            f"{day}: {_many(failed, 'filing')} could not be worked through",
            tuple(_failed(one) for one in failed[:_MOST]),
        )
    trouble = {k: v for k, v in document["sources"].items() if v != FINE}
    if trouble:
        yield Notice(
            f"sources-{day}",
            Priority.MEDIUM,
            f"{day}: not every source gave what was asked",
            tuple(f"{name}: {state}" for name, state in list(trouble.items())[:_MOST]),
        )
    model = document["model"]
    if model["reason"]:
        yield Notice(
            f"model-{day}",
            Priority.HIGH,
            f"{day}: no model scored the filings",
            (model["reason"],),
        )
    if session and not any(one["day"] == day for one in filings):
        yield Notice(
            f"empty-{day}",
            Priority.MEDIUM,
            f"{day}: no filing was seen on a day the exchanges were open",
            (f"Companies that were expected to report: {document['expected']}.",),
        )
    missing = document["expected_but_missing"]
    if missing:
        yield Notice(
            f"missing-{day}",
            Priority.LOW,
            f"{day}: expected and not seen: {_many(missing, 'company', 'companies')}",
            (_listed(missing),),
        )


def of_missed(days: Sequence[date], on: date) -> Notice | None:
    """Days on which nothing ran, made up for on another."""
    if not days:
        return None
    return Notice(
        f"missed-{days[0]}-{days[-1]}",
        Priority.HIGH,
        f"Nothing ran on {_many(days, 'day')}; made up for on {on}",
        (_listed([day.isoformat() for day in days]),),
    )


def of_crash(day: date, sentence: str, run_id: str | None = None) -> Notice:
    """A day that ended with an error; tried again with the same end, it is no news."""
    digest = hashlib.sha256(sentence.encode()).hexdigest()
    run = f"Run {run_id}. " if run_id else ""
    return Notice(
        f"crashed-{day}-{digest[:_DIGITS]}",
        Priority.HIGH,
        f"{day}: the day's research ended with an error",
        (sentence, f"{run}What was decided before is kept."),
    )


def of_week(day: date, lines: Sequence[str]) -> Notice:
    """What alerts came to, once a week."""
    year, week, _ = day.isocalendar()
    return Notice(
        f"week-{year}-W{week:02d}",
        Priority.LOW,
        f"Week {week} of {year}: what the alerts came to",
        tuple(lines),
    )


def _failed(filing: Mapping[str, Any]) -> str:
    run = f" (run {filing['run_id']})" if filing["run_id"] else ""
    return f"{filing['symbol'] or filing['id']}: {filing['reason']}{run}"


def _many(some: Sequence[object], one: str, several: str = "") -> str:
    return f"{len(some)} {one if len(some) == 1 else several or f'{one}s'}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {more} more" if more > 0 else "")
