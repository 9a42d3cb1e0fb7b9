"""Where a recipient of ``dexter.toml`` is reached."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dexter.operating import ChannelName, Recipient


@dataclass(frozen=True, slots=True)
class Address:
    """How a channel reaches someone; ``thread`` is a topic of a Telegram group."""

    to: str
    thread: int | None = None


def addresses(
    recipients: Iterable[Recipient], channel: ChannelName
) -> Mapping[str, Address]:
    """A channel's recipients by name, and by address where no name is the same."""
    mine = [one for one in recipients if one.channel is channel]
    found = {one.name: Address(one.to, one.thread) for one in mine}
    for one in mine:
        found.setdefault(one.to, Address(one.to, one.thread))
    return found
