"""A loopback exchange: BSE, NSE, Yahoo and news over days of an invented market."""

from tests.fake_exchange.script import KINDS, TRANSIENT, Fault, Script
from tests.fake_exchange.server import Seen, Server, serving
from tests.fake_exchange.truth import Publication, Truth
from tests.fake_exchange.world import World

__all__ = [
    "KINDS",
    "TRANSIENT",
    "Fault",
    "Publication",
    "Script",
    "Seen",
    "Server",
    "Truth",
    "World",
    "serving",
]
