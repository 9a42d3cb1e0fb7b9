"""E-mail: one letter over one connection, encrypted and to a server that is proven."""

import asyncio
import ssl
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPException, SMTPResponseException

from dexter.alerts.addressed import Address
from dexter.alerts.chart import png
from dexter.alerts.discretion import HIDDEN
from dexter.alerts.mail_answers import NAME, RECIPIENT, Step, answered, cut
from dexter.alerts.outcomes import refused
from dexter.alerts.rendering_mail import AddressError, Envelope, HeadError, letter
from dexter.domain.delivery import Message, Receipt
from dexter.errors import DeliveryError
from dexter.operating import Email
from dexter.ports import Clock

_HERE = "[127.0.0.1]"  # asking the machine's own name can take a DNS time-out
_STEPS = 5
_FAREWELL_SECONDS = 5.0
_TURNS = 3
_NO_CHART = "its chart did not go along: it is not there, or no PNG"


class Mail:
    """A mailbox that letters are sent from.

    Args:
        office: The server, and who signs in.
        password: The user's; null where nobody signs in.
        addresses: Mail addresses by recipient; another recipient is one itself.
        home: Where charts lie.
        clock: What letters are dated by.
        seconds: The longest wait for an answer.
        tls: Whom to trust; the machine's authorities by default.
    """

    name = NAME

    def __init__(  # noqa: PLR0913 - each is one part of the wiring
        self,
        office: Email,
        password: str | None,
        addresses: Mapping[str, Address],
        home: Path,
        clock: Clock,
        *,
        seconds: float = 30,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._office = office
        self._password = password
        self._secrets = _spoken(office.user or "", password) if password else ()
        self._addresses = addresses
        self._home = home
        self._clock = clock
        self._seconds = seconds
        self._tls = tls

    async def send(self, message: Message, recipient: str) -> Receipt:
        """Send a letter, once.

        Raises:
            ChannelRefusedError: the address or the letter is refused for good.
            ChannelBusyError: the day's letters are used up.
            ChannelDownError: it was certainly not taken, or nobody may sign in.
            ReplyLostError: it was handed over and not acknowledged.
        """
        to = self._addresses.get(recipient, Address(recipient)).to
        chart = png(self._home, message.chart)
        envelope = Envelope(
            self._office.from_address,
            to,
            self._office.reply_to,
            await self._clock.now(),
        )
        try:
            written = letter(message, envelope, chart)
        except AddressError as error:
            raise refused(NAME, str(error), RECIPIENT) from error
        except HeadError as error:
            raise refused(NAME, str(error)) from error
        trouble = await self._try(written, to)
        if trouble is not None:
            raise trouble
        note = _NO_CHART if message.chart and chart is None else None
        return Receipt(str(written["Message-ID"]), note)

    async def _try(self, written: EmailMessage, to: str) -> DeliveryError | None:
        """Hand a letter over; null where it was taken.

        What went wrong is a value: an exception would carry what was signed in with.
        """
        visit = _Visit(self._client(), self._office, self._password)
        try:
            async with asyncio.timeout(_STEPS * self._seconds):
                await visit.hand_over(written, to)
            await visit.part()
        except SMTPResponseException as error:
            return answered(visit.step, error.code, self._discreet(error.message))
        except (SMTPException, OSError, ValueError) as error:
            return cut(visit.step, self._discreet(_told(error)))
        finally:
            await visit.hang_up()
        return None

    def _discreet(self, said: str) -> str:
        """What a server said, unless it says the password back, encoded or not."""
        for secret in self._secrets:
            said = said.replace(secret, HIDDEN)
        return said

    def _client(self) -> SMTP:
        tls = self._office.security == "tls"
        return _Client(
            hostname=self._office.host,
            port=self._office.port,
            local_hostname=_HERE,
            timeout=self._seconds,
            use_tls=tls,
            start_tls=False,  # asked for by hand: never left out, never optional
            tls_context=self._tls or ssl.create_default_context(),
        )

    async def close(self) -> None:
        """Nothing is kept open."""


class _Visit:
    """One connection to the server, and how far it came."""

    def __init__(self, client: SMTP, office: Email, password: str | None) -> None:
        self.step = Step.CONNECT
        self._client = client
        self._office = office
        self._password = password

    async def hand_over(self, written: EmailMessage, to: str) -> None:
        """The steps of a letter, each said before it is taken."""
        client = self._client
        await client.connect()
        if self._office.security == "starttls":
            await client.starttls()
        self.step = Step.SIGN_IN
        if self._office.user is not None and self._password is not None:
            await client.login(self._office.user, self._password)
        self.step = Step.SENDER
        await client.mail(self._office.from_address)
        self.step = Step.RECIPIENT
        await client.rcpt(to)
        self.step = Step.CONTENT
        await client.data(written.as_bytes())

    async def part(self) -> None:
        """Take leave; the letter is taken, whatever comes back."""
        with suppress(OSError, SMTPException):
            await self._client.quit(timeout=_FAREWELL_SECONDS)

    async def hang_up(self) -> None:
        """Close the connection, if it is not, and let the loop see to it."""
        self._client.close()
        for _ in range(_TURNS):
            await asyncio.sleep(0)


class _Client(SMTP):
    """A client that lets go at once: TLS would wait for the other side to agree."""

    def close(self) -> None:
        """Close the connection."""
        transport = self.transport
        super().close()
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()


def _spoken(user: str, password: str) -> tuple[str, ...]:
    """A password as signing in says it: by PLAIN, by LOGIN, as it is."""
    plain, login = f"\0{user}\0{password}", password
    encoded = (b64encode(one.encode()).decode() for one in (plain, login))
    return (*encoded, password)


def _told(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "there was no answer in time"
    said = str(error)
    if "CERTIFICATE" in said:
        return "its certificate is not to be trusted"
    return said or "the connection was lost"
