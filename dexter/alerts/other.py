"""Every other service, through apprise: a title and plain text, to a named URL."""

import asyncio
import warnings
from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

from dexter.alerts.addressed import Address
from dexter.alerts.discretion import silenced
from dexter.alerts.outcomes import down, lost
from dexter.alerts.rendering import card_of, plain, subject
from dexter.domain.delivery import Message, Receipt
from dexter.errors import ChannelUnsetError, DeliveryError

if TYPE_CHECKING:  # it takes most of a second to import
    from apprise import Apprise

NAME = "apprise"
LOGGERS = ("apprise", "requests", "urllib3.connectionpool", "slixmpp")
"""What may log a URL, and with it the secrets in it."""
_TIMEOUT = "TIMEOUT"
_UNKNOWN = "DEXTER_APPRISE_URLS has no URL apprise knows by the name {}"
_HINT = "See the service's form of URL in apprise's documentation."


def strangers(urls: Mapping[str, str]) -> tuple[str, ...]:
    """The names of URLs that apprise does not know; nothing is sent."""
    with silenced(*LOGGERS):
        return tuple(name for name, url in urls.items() if _made(url) is None)


def _made(url: str) -> "Apprise | None":
    """What speaks to a URL; null where nothing does."""
    with warnings.catch_warnings():  # of its plug-ins, which load when needed
        warnings.simplefilter("ignore", DeprecationWarning)
        from apprise import Apprise, AppriseAsset  # noqa: PLC0415 - see above

        # In memory, or it would keep files of its own, named by the URLs.
        made = Apprise(asset=AppriseAsset(storage_mode="memory"))
        return made if made.add(url) else None


class Other:
    """Services whose URLs the environment holds, by name.

    Args:
        urls: By the names recipients have.
        addresses: Those names by recipient; another recipient is one itself.
        seconds: The longest wait for a service.
    """

    name = NAME

    def __init__(
        self,
        urls: Mapping[str, str],
        addresses: Mapping[str, Address],
        seconds: float = 60,
    ) -> None:
        self._urls = urls
        self._addresses = addresses
        self._seconds = seconds
        self._silence = ExitStack()
        self._silent = False

    async def send(self, message: Message, recipient: str) -> Receipt:
        """Hand a message to a service, once; it says only yes or no.

        Raises:
            ChannelUnsetError: the environment has no URL of that name.
            ChannelDownError: the service said no, or the URL is none.
            ReplyLostError: it broke, or did not answer in time.
        """
        name = self._addresses.get(recipient, Address(recipient)).to
        if name not in self._urls:
            hint = f"Add {name}=URL to DEXTER_APPRISE_URLS, in the environment or .env."
            raise ChannelUnsetError(NAME, f"URL of the name {name}", hint)
        service = self._service(self._urls[name])
        if service is None:
            raise down(NAME, _UNKNOWN.format(name), _HINT)
        trouble = await self._notify(service, message)
        if trouble is not None:
            raise trouble
        return Receipt()

    def _service(self, url: str) -> "Apprise | None":
        """What speaks to a URL; null where nothing does."""
        if not self._silent:
            # Until the end: its threads may still log when a wait was given up.
            self._silence.enter_context(silenced(*LOGGERS))
            self._silent = True
        return _made(url)

    async def _notify(
        self, service: "Apprise", message: Message
    ) -> DeliveryError | None:
        try:
            async with asyncio.timeout(self._seconds):
                said = await service.async_notify(
                    title=subject(message),
                    body=plain(card_of(message)),
                    body_format="text",
                )
        except TimeoutError:
            return lost(NAME, "there was no answer in time")
        except Exception as error:  # noqa: BLE001 - any of a hundred services
            # Its words may hold the URL.
            return lost(NAME, f"it broke with {type(error).__name__}")
        if said:
            return None
        status = getattr(getattr(said, "status", None), "name", "")
        if status == _TIMEOUT:
            return lost(NAME, "there was no answer in time")
        return down(NAME, "the service said no")

    async def close(self) -> None:
        """Let its logs speak again."""
        self._silence.close()
        self._silent = False
