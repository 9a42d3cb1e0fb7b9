"""A channel nobody set up: it is there, and says so when it is used."""

from dataclasses import dataclass

from dexter.domain.delivery import Message, Receipt
from dexter.errors import ChannelUnsetError


@dataclass(frozen=True, slots=True)
class Unset:
    """In the place of a channel.

    Args:
        name: Which.
        lacks: What it has none of.
        hint: How to give it that.
    """

    name: str
    lacks: str
    hint: str

    async def send(self, message: Message, recipient: str) -> Receipt:  # noqa: ARG002 - its port's
        """Send nothing.

        Raises:
            ChannelUnsetError: always.
        """
        raise ChannelUnsetError(self.name, self.lacks, self.hint)

    async def close(self) -> None:
        """Nothing is open."""
