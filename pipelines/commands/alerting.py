"""``dexter alerts``: what was said, and what happened next."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from dexter.domain.ledger import AlertOutcome, AlertRecord
from dexter.domain.moment import AsOf, in_india
from dexter.errors import UsageError
from dexter.store.alerts import AlertLedger
from dexter.store.database import Database
from pipelines.clock import SystemClock
from pipelines.commands import screen
from pipelines.research import moment_from
from pipelines.runtime import settings_here

_NAMED = 5


class UnknownAlertError(UsageError):
    """Nothing of that id, or version, was recorded."""

    def __init__(self, identifier: str, version: int | None) -> None:
        which = "" if version is None else f" of version {version}"
        super().__init__(
            f"There is no alert {identifier!r}{which}.",
            "See them with `dexter alerts list`.",
        )


class AmbiguousAlertError(UsageError):
    """Several alerts begin like that."""

    def __init__(self, identifier: str, found: Sequence[str]) -> None:
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        super().__init__(
            f"{len(found)} alerts begin with {identifier!r}.",
            f"Say which: {', '.join(found[:_NAMED])}{more}.",
        )


def listed(*, as_json_too: bool) -> int:
    """Every alert, newest first."""
    with _home() as database:
        records = AlertLedger(database).records()
    if as_json_too:
        screen.print_json([_record(one) for one in records])
        return 0
    from dexter.console import alerts as view  # noqa: PLC0415 - heavy

    view.listed(records, screen.out())
    return 0


def show(identifier: str, version: int | None, *, as_json_too: bool) -> int:
    """One alert as it was recorded, and what became of it.

    Args:
        identifier: Its id, or the beginning of one.
        version: Which; the newest by default.
        as_json_too: One JSON document on stdout.

    Raises:
        UnknownAlertError: there is none of that id and version.
        AmbiguousAlertError: several ids begin like that.
    """
    with _home() as database:
        ledger = AlertLedger(database)
        identifier = _meant(ledger, identifier)
        kept = ledger.find(identifier, version)
        outcomes = ledger.outcomes(identifier)
    if kept is None:
        raise UnknownAlertError(identifier, version)
    if as_json_too:
        mine = [one for one in outcomes if one.version == kept.record.version]
        screen.print_json(
            {
                **_record(kept.record),
                "alert": json.loads(kept.body),
                "outcomes": [_outcome(one) for one in mine],
            }
        )
        return 0
    from dexter.console import alerts as view  # noqa: PLC0415 - heavy

    view.shown(kept, outcomes, screen.out())
    return 0


def outcomes(as_of: str | None = None, *, as_json_too: bool) -> int:
    """Look for every alert's outcomes as known by a moment, keep and sum them up."""
    from pipelines.alert_outcomes import HORIZONS, score  # noqa: PLC0415 - heavy

    moment = moment_from(as_of) or SystemClock().present()
    with _home() as database:
        summary = score(database, AsOf(moment, explicit=True))
    if as_json_too:
        screen.print_json(
            {
                "as_of": in_india(moment),
                "horizons": list(HORIZONS),
                "groups": [
                    {**asdict(one), "states": {s.value: n for s, n in one.states}}
                    for one in summary.groups
                ],
                "unknown": [_outcome(one) for one in summary.unknown],
            }
        )
        return 0
    from dexter.console import alerts as view  # noqa: PLC0415 - heavy

    view.outcomes(summary, screen.out())
    return 0


def _meant(ledger: AlertLedger, told: str) -> str:
    """The one id that begins like that; as it was told where there is none."""
    known = {one.id for one in ledger.records()}
    found = sorted(one for one in known if one.startswith(told))
    if told in known or not found:
        return told
    if len(found) > 1:
        raise AmbiguousAlertError(told, found)
    return found[0]


@contextmanager
def _home() -> Iterator[Database]:
    database = Database.open(settings_here().home)
    try:
        yield database
    finally:
        database.close()


def _record(one: AlertRecord) -> dict[str, Any]:
    moments = ("published_at", "made_at", "sent_at")
    return asdict(one) | {name: in_india(getattr(one, name)) for name in moments}


def _outcome(one: AlertOutcome) -> dict[str, Any]:
    return asdict(one) | {"known_at": in_india(one.known_at)}
