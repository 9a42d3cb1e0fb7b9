"""Telegram's Bot API: a message as HTML, its chart behind it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dexter.alerts.addressed import Address
from dexter.alerts.chart import png
from dexter.alerts.discretion import HIDDEN, redacted
from dexter.alerts.outcomes import lost
from dexter.alerts.pace import Pace
from dexter.alerts.post import Answer, Poster, Unanswered
from dexter.alerts.rendering import card_of, lines, subject
from dexter.alerts.rendering_telegram import messages
from dexter.alerts.telegram_answers import NAME, taken
from dexter.domain.alert import Priority
from dexter.domain.delivery import Message, Receipt
from dexter.errors import DeliveryError

BASE = "https://api.telegram.org"
_NO_CHART = "its chart did not go along: {}"


class Telegram:
    """A bot that writes to chats, groups and channels.

    The token stands in every address it asks, so no error, log line or traceback of
    this room carries an address.

    Args:
        token: The bot's, of @BotFather.
        addresses: Chats by recipient; another recipient is taken for a chat itself.
        home: Where charts lie.
        pace: Whose turn it is.
        poster: What asks.
        base: Where the Bot API is.
    """

    name = NAME

    def __init__(
        self,
        token: str,
        addresses: Mapping[str, Address],
        home: Path,
        pace: Pace,
        poster: Poster,
        base: str | None = None,
    ) -> None:
        self._token = token
        self._addresses = addresses
        self._home = home
        self._pace = pace
        self._poster = poster
        self._base = (base or BASE).rstrip("/")

    async def send(self, message: Message, recipient: str) -> Receipt:
        """Send a message once; an overlong one in parts, its chart last.

        A chart that fails leaves the message sent. A part that fails after another
        arrived leaves it unknown, so that all of it comes again, marked.

        Raises:
            ChannelRefusedError: the chat, the bot or the text is refused.
            ChannelBusyError: too many messages; says for how long.
            ChannelDownError: it was certainly not taken.
            ReplyLostError: it may have been taken, or a part of it was.
        """
        address = self._addresses.get(recipient, Address(recipient))
        parts = messages(lines(card_of(message)))
        quietly = message.priority is Priority.LOW
        first = await self._text(address, parts[0], quietly=quietly)
        for number, part in enumerate(parts[1:], 2):
            try:
                await self._text(address, part, quietly=quietly)
            except DeliveryError as error:
                told = f"part {number} of {len(parts)} failed: {error.sentence}"
                raise lost(NAME, told) from error
        return Receipt(first, await self._chart(address, message))

    async def _text(self, address: Address, part: str, *, quietly: bool) -> str | None:
        body: dict[str, Any] = {
            "chat_id": address.to,
            "text": part,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "disable_notification": quietly,
        }
        if address.thread is not None:
            body["message_thread_id"] = address.thread
        return await self._call("sendMessage", address, json=body)

    async def _chart(self, address: Address, message: Message) -> str | None:
        """Send the chart; null, or why it did not go along."""
        picture = png(self._home, message.chart)
        if picture is None:
            gone = "it is not there, or no PNG"
            return _NO_CHART.format(gone) if message.chart else None
        form = {"chat_id": address.to, "caption": subject(message)}
        if address.thread is not None:
            form["message_thread_id"] = str(address.thread)
        files = {"photo": ("chart.png", picture, "image/png")}
        try:
            await self._call("sendPhoto", address, data=form, files=files)
        except DeliveryError as error:
            return _NO_CHART.format(error.sentence)
        return None

    async def _call(self, method: str, address: Address, **content: Any) -> str | None:  # noqa: ANN401
        await self._pace.turn(address.to)
        return taken(self._discreet(await self._post(method, content)))

    async def _post(
        self, method: str, content: Mapping[str, Any]
    ) -> Answer | Unanswered:
        with redacted(self._token):
            url = f"{self._base}/bot{self._token}/{method}"
            return await self._poster.post(url, **content)

    def _discreet(self, answer: Answer | Unanswered) -> Answer | Unanswered:
        """An answer that does not say the token back."""
        if isinstance(answer, Unanswered):
            return answer
        body = answer.body.replace(self._token.encode(), HIDDEN.encode())
        return Answer(answer.status, answer.headers, body)

    async def close(self) -> None:
        """Close every connection."""
        await self._poster.close()
