"""What can go wrong at a Bot API, and how it is put."""

from collections.abc import Mapping
from dataclasses import dataclass

KINDS = {
    # Certainly not taken.
    "busy": "429, asking to wait",
    "blocked": "403, the person blocked the bot",
    "no_chat": "400, no such chat",
    "migrated": "400, the group has another id now",
    "unauthorized": "401, the token was taken back",
    "error": "500 in Telegram's own words",
    "page": "200 with a page of somebody in between",
    "gateway": "502 in a gateway's words",
    "cut": "the connection is cut instead of an answer",
    # Taken, and nobody is told.
    "gateway_after": "504 in a gateway's words",
    "cut_after": "the connection is cut instead of an answer",
    "torn": "half an answer, then the connection is cut",
    "slow": "an answer that comes too late",
}
TAKEN = frozenset({"gateway_after", "cut_after", "torn", "slow"})
"""Faults after which the message is there though no answer said so."""

REFUSALS: Mapping[str, tuple[int, str]] = {
    "busy": (429, "Too Many Requests: retry after {seconds}"),
    "blocked": (403, "Forbidden: bot was blocked by the user"),
    "no_chat": (400, "Bad Request: chat not found"),
    "migrated": (400, "Bad Request: group chat was upgraded to a supergroup chat"),
    "unauthorized": (401, "Unauthorized"),
    "error": (500, "Internal Server Error"),
}
PAGES = {"page": 200, "gateway": 502, "gateway_after": 504}


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one request; ``kind`` is one of ``KINDS``."""

    kind: str
    retry_after: int = 1
    moved_to: int = -100_200_300


class RefusedError(Exception):
    """The request is answered with a refusal."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description = code, description
        self.parameters = parameters


def refusal(fault: Fault) -> RefusedError:
    """What is answered to a request it befell."""
    code, said = REFUSALS[fault.kind]
    parameters = {}
    if fault.kind == "busy":
        parameters["retry_after"] = fault.retry_after
    if fault.kind == "migrated":
        parameters["migrate_to_chat_id"] = fault.moved_to
    return RefusedError(code, said.format(seconds=fault.retry_after), **parameters)
