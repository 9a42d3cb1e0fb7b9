"""What the Bot API answered: taken, or which of the four ways it failed."""

import json
from collections.abc import Mapping
from typing import Any

from dexter.alerts.outcomes import busy, down, lost, refused, wait_of
from dexter.alerts.post import Answer, Unanswered
from dexter.errors import DeliveryError

NAME = "telegram"
_WAIT = 429
_FINE, _MOVED, _WRONG, _THEIRS = 200, 300, 400, 500
_GATEWAY = frozenset({502, 504})
"""Somebody between us and Telegram gave up: what came before may have arrived."""
_BLOCK = "its answer is not the Bot API's"
_TOKEN = "Set DEXTER_TELEGRAM_TOKEN to what @BotFather gave for the bot."  # noqa: S105
_HINTS = {
    400: "See `to` of the recipient in dexter.toml; a person must first write to the "
    "bot, a group must have it as a member.",
    403: "The person must unblock the bot, or the group let it in and write.",
}
_UNKNOWN_BOT = frozenset({401, 404})
"""The token is not, or no longer, one: the operator's mistake, not the letter's."""
_MIGRATED = (
    "The group is now {}: put that into dexter.toml as the recipient's `to`, then take "
    "the letter up again with `dexter alerts outbox --again ID`."
)


def taken(answer: Answer | Unanswered) -> str | None:
    """The message's id where it was taken.

    Raises:
        ChannelRefusedError: the chat, the bot or the text is refused.
        ChannelBusyError: too many messages; says for how long.
        ChannelDownError: it was certainly not taken.
        ReplyLostError: it may have been taken.
    """
    if isinstance(answer, Unanswered):
        raise (lost if answer.handed_over else down)(NAME, answer.why)
    said = _document(answer.body)
    if said is None:
        raise _strange(answer)
    if said["ok"] is True and answer.status < _MOVED:
        result = said.get("result")
        number = result.get("message_id") if isinstance(result, dict) else None
        return None if number is None else str(number)
    raise _refusal(answer, said)


def _document(body: bytes) -> Mapping[str, Any] | None:
    """The Bot API's own words, or null where they are somebody else's."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and "ok" in found else None


def _strange(answer: Answer) -> DeliveryError:
    why = f"{_BLOCK} (HTTP {answer.status})"
    if answer.status == _WAIT:
        return busy(NAME, wait_of(answer.headers.get("retry-after")))
    if _MOVED <= answer.status < _THEIRS:
        return down(NAME, why, "Somebody between here and Telegram refuses.")
    return lost(NAME, why)


def _refusal(answer: Answer, said: Mapping[str, Any]) -> DeliveryError:
    code = said.get("error_code")
    code = code if isinstance(code, int) else answer.status
    why = str(said.get("description") or f"error {code}")
    about = said.get("parameters")
    about = about if isinstance(about, dict) else {}
    if code == _WAIT:
        return busy(NAME, wait_of(about.get("retry_after")))
    if answer.status in _GATEWAY or code < _WRONG:
        return lost(NAME, why)
    if code >= _THEIRS:
        return down(NAME, why)
    moved = about.get("migrate_to_chat_id")
    if moved is not None:
        return refused(NAME, why, _MIGRATED.format(moved))
    if code in _UNKNOWN_BOT:
        return down(NAME, why, _TOKEN)
    return refused(NAME, why, _HINTS.get(code, ""))
