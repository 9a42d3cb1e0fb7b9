"""News of dead letters, told to those who can still be reached."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from dexter.alerts.routing import Routed, postings, route
from dexter.domain.alert import Priority
from dexter.domain.delivery import Delivery, ItemKind, Message, Notice, Posting
from dexter.domain.moment import IST
from dexter.operating import Operating

PREFIX = "dead-letters/"
MOST_NAMED = 10
REACH = timedelta(days=2)
"""How far back is looked: further than any pause between two deliveries of a day."""


def news(
    dead: Sequence[Delivery], operating: Operating, now: datetime
) -> tuple[Posting, ...]:
    """A notice of each recipient nobody could deliver to on a day.

    Its key is of that recipient and day, so it goes out once however often it is put,
    and however many more die that day. A notice of dead letters that dies itself makes
    no further one.

    Args:
        dead: The dead letters of the last days.
        operating: Who wants notices. Recipients by another channel are told; where
            there are none, the others of the same.
        now: The present.
    """
    groups: defaultdict[tuple[str, str, date], list[Delivery]] = defaultdict(list)
    for row in dead:
        if not row.item.startswith(PREFIX):
            day = row.due_at.astimezone(IST).date()
            groups[row.channel, row.recipient, day].append(row)
    found: list[Posting] = []
    for (channel, recipient, day), rows in groups.items():
        notice = _notice(channel, recipient, day, rows)
        routed = route(notice.priority, ItemKind.NOTICE, operating, now)
        told = _others(routed, channel, recipient)
        found += postings(notice.key, Message(notice=notice), told)
    return tuple(found)


def _notice(
    channel: str, recipient: str, day: date, rows: Sequence[Delivery]
) -> Notice:
    loud = any(row.priority is Priority.HIGH for row in rows)
    named = [
        f"{row.item} version {row.version}: {row.reason}" for row in rows[:MOST_NAMED]
    ]
    more = len(rows) - len(named)
    if more:
        named.append(f"and {more} more")
    ask = "dexter alerts outbox"
    named.append(f"See all with {ask}; try one again with {ask} --again ID --send.")
    return Notice(
        key=f"{PREFIX}{channel}/{recipient}/{day}",
        priority=Priority.HIGH if loud else Priority.MEDIUM,
        title=f"{recipient} could not be reached by {channel} on {day:%d %b %Y}",
        lines=tuple(named),
    )


def _others(
    routed: Sequence[Routed], channel: str, recipient: str
) -> tuple[Routed, ...]:
    wanted = [one for one in routed if one.due_at is not None]
    elsewhere = [one for one in wanted if one.recipient.channel.value != channel]
    same = [one for one in wanted if one.recipient.name != recipient]
    return tuple(elsewhere or same)
