"""A webhook: the message as signed JSON, posted to an address of the operator's."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from dexter.alerts.addressed import Address
from dexter.alerts.discretion import WIRES, silenced
from dexter.alerts.outcomes import busy, down, lost, refused, wait_of
from dexter.alerts.post import Answer, Poster, Unanswered
from dexter.alerts.rendering_json import document
from dexter.domain.delivery import Message, Receipt
from dexter.errors import DeliveryError
from dexter.ports import Clock

NAME = "webhook"
_TAKEN, _MOVED, _THEIRS = range(200, 300), range(300, 400), 500
_TIMEOUT, _EARLY, _MANY, _UNAVAILABLE = 408, 425, 429, 503
_HINT = "See `to` of the recipient in dexter.toml."


def signature(secret: str, moment: int, body: bytes) -> str:
    """What stands in ``X-Dexter-Signature``.

    Args:
        secret: Known to both sides.
        moment: Seconds since 1970, so that an old request cannot be played again.
        body: The bytes that are posted.
    """
    said = str(moment).encode() + b"." + body
    digest = hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


class Webhook:
    """Addresses that take JSON.

    Args:
        secret: What requests are signed with.
        addresses: URLs by recipient; another recipient is taken for a URL itself.
        clock: What signatures are dated by.
        poster: What asks.
    """

    name = NAME

    def __init__(
        self,
        secret: str,
        addresses: Mapping[str, Address],
        clock: Clock,
        poster: Poster,
    ) -> None:
        self._secret = secret
        self._addresses = addresses
        self._clock = clock
        self._poster = poster

    async def send(self, message: Message, recipient: str) -> Receipt:
        """Post a message once; no redirect is followed.

        Raises:
            ChannelRefusedError: 3xx, or a 4xx that says nothing of later.
            ChannelBusyError: 429, or 503 that says for how long.
            ChannelDownError: no connection, or a 5xx.
            ReplyLostError: no answer came.
        """
        url = self._addresses.get(recipient, Address(recipient)).to
        now = await self._clock.now()
        trouble = _trouble(await self._post(url, message, now), now)
        if trouble is not None:
            raise trouble
        return Receipt()

    async def _post(
        self, url: str, message: Message, now: datetime
    ) -> Answer | Unanswered:
        body = json.dumps(document(message), separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "dexter",
            "Idempotency-Key": quote(message.key, safe="/:"),
            "X-Dexter-Signature": signature(self._secret, int(now.timestamp()), body),
        }
        with silenced(*WIRES):  # its path may be all that keeps strangers out
            return await self._poster.post(url, headers=headers, content=body)

    async def close(self) -> None:
        """Close every connection."""
        await self._poster.close()


def _trouble(answer: Answer | Unanswered, now: datetime) -> DeliveryError | None:
    """Null where it was taken."""
    if isinstance(answer, Unanswered):
        return (lost if answer.handed_over else down)(NAME, answer.why)
    status, why = answer.status, f"it answered {answer.status}"
    if status in _TAKEN:
        return None
    wait = wait_of(answer.headers.get("retry-after"), now)
    if status == _MANY or (status == _UNAVAILABLE and wait is not None):
        return busy(NAME, wait)
    if status >= _THEIRS or status in {_TIMEOUT, _EARLY}:
        return down(NAME, why)
    if status in _MOVED:
        return refused(NAME, f"{why}, and no redirect is followed", _HINT)
    return refused(NAME, why, _HINT)
