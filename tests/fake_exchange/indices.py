"""Index closes, in hundredths of a point."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from tests.fake_exchange.chance import chance

if TYPE_CHECKING:
    from tests.fake_exchange.world import World

NAMES = (
    ("Nifty 50", 2_450_000),
    ("Nifty Next 50", 6_510_000),
    ("Nifty 500", 2_240_000),
    ("Nifty Bank", 5_430_000),
    ("Nifty Smallcap 250", 1_720_000),
    ("India VIX", 1_375),
)


def index_closes(world: "World", session: date) -> Iterator[tuple[str, int]]:
    """Name and close of a session."""
    place = world.days.sessions.index(session) if session in world.days.sessions else -1
    for name, start in NAMES:
        draw = chance(world.seed, "index", name)
        value = float(start)
        for _ in range(place + 1):
            value *= 1 + draw.gauss(0, 0.008)
        yield name, round(value)
