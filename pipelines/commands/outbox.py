"""``dexter alerts outbox``: what is to go out, what went, what nobody would take.

With ``--json``::

    { deliveries: [ { item, version, kind: alert|notice, channel, recipient,
                      priority: high|medium|low,
                      state: pending|sending|sent|unknown|dead, dead_letter,
                      attempts, repeats, unsure, made_at, due_at, tried_at,
                      failing_since, sent_at, receipt, reason } ],
      counts: { CHANNEL: { STATE: n } }, dead_letters: n,
      again: n | null,
      sent: { did: { CHANNEL: { sent|repeated|unknown|put_off|busy|held|dead|
                                superseded: n } },
              elsewhere, next_due } | null }

``dead_letter`` is true of what can be taken up again: a dead delivery whose place no
later version took. ``due_at`` of a dead one is when it died. ``again`` counts what was
taken up, ``sent`` says what ``--send`` did; both are null where it was not asked for.
"""

import asyncio
from dataclasses import asdict
from datetime import datetime
from typing import Any

from dexter.domain.delivered import DeliverySummary, Outcome
from dexter.domain.delivery import Delivery
from dexter.domain.moment import in_india
from dexter.errors import UsageError
from dexter.store.database import Database
from dexter.store.outbox import Outbox
from pipelines.clock import SystemClock
from pipelines.commands import screen
from pipelines.runtime import settings_here

_NOT_OUT = (Outcome.UNKNOWN, Outcome.PUT_OFF, Outcome.BUSY, Outcome.DEAD)


class UnknownLetterError(UsageError):
    """No dead letter of that id."""

    def __init__(self, item: str) -> None:
        super().__init__(
            f"There is no dead letter of {item!r}.",
            "See them with `dexter alerts outbox`; what a later version took the place "
            "of is not sent again.",
        )


def outbox(*, send: bool, again: str | None, as_json_too: bool) -> int:
    """Show the outbox, after taking a dead letter up again and sending what is due.

    Returns:
        0; 3 where something that was due did not go out.

    Raises:
        UnknownLetterError: there is no dead letter of that id.
        StoreError: another process holds the database, or it cannot be written.
        SettingError: dexter.toml, or a channel's secret, cannot be used.
    """
    database = Database.open(settings_here().home)
    try:
        taken = None if again is None else _taken_up(database, again)
        summary = asyncio.run(_sent(database)) if send else None
        rows, letters = Outbox(database).all(), Outbox(database).dead_letters()
        counts = Outbox(database).counts()
    finally:
        database.close()
    keys = {row.key for row in letters}
    if as_json_too:
        screen.print_json(
            {
                "deliveries": [
                    {**_row(row), "dead_letter": row.key in keys} for row in rows
                ],
                "counts": counts,
                "dead_letters": len(keys),
                "again": taken,
                "sent": None if summary is None else _did(summary),
            }
        )
    else:
        from dexter.console import outbox as view  # noqa: PLC0415 - heavy

        if summary is not None:
            view.delivered(summary, screen.out())
        view.shown(rows, keys, screen.out())
    return 3 if summary is not None and _held_up(summary) else 0


def _held_up(summary: DeliverySummary) -> bool:
    return summary.elsewhere or summary.count(*_NOT_OUT) > 0


def _taken_up(database: Database, item: str) -> int:
    taken = Outbox(database).take_up(item, SystemClock().present())
    if not taken:
        raise UnknownLetterError(item)
    return taken


async def _sent(database: Database) -> DeliverySummary:
    from pipelines.channels import open_channels  # noqa: PLC0415 - heavy
    from pipelines.daily.delivering import deliver  # noqa: PLC0415
    from pipelines.outside import operating_of  # noqa: PLC0415

    settings = settings_here()
    operating = operating_of(settings)
    async with open_channels(settings, operating) as channels:
        return await deliver(database, channels, operating, SystemClock())


def _did(summary: DeliverySummary) -> dict[str, Any]:
    return {
        "did": summary.did,
        "elsewhere": summary.elsewhere,
        "next_due": in_india(summary.next_due),
    }


def _row(row: Delivery) -> dict[str, Any]:
    told = asdict(row)
    moments = {k: in_india(v) for k, v in told.items() if isinstance(v, datetime)}
    return told | moments
