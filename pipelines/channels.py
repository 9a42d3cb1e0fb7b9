"""The ways out, as ``dexter.toml`` and the environment set them up."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

from dexter.alerts.addressed import addresses
from dexter.alerts.unset import Unset
from dexter.errors import UnusableVariableError
from dexter.operating import ChannelName, Operating
from dexter.operating.needs import apprise_names
from dexter.operating.outside import with_server
from dexter.operating.server import mail_server
from dexter.ports import Channel, Clock
from pipelines.clock import SystemClock

_SECONDS = 20.0
_ENV = "Set {} in the environment or in .env."
URLS = "DEXTER_APPRISE_URLS"


class Secrets(Protocol):
    """What of the settings channels need."""

    home: Path
    source_pace: float
    telegram_token: SecretStr | None
    telegram_base_url: str | None
    smtp_url: SecretStr | None
    smtp_password: SecretStr | None
    webhook_secret: SecretStr | None
    apprise_urls: SecretStr | None


class Closing(Channel, Protocol):
    """A channel that may hold connections."""

    async def close(self) -> None:
        """Let them go."""
        ...


@asynccontextmanager
async def open_channels(
    settings: Secrets, operating: Operating, clock: Clock | None = None
) -> AsyncIterator[Mapping[str, Channel]]:
    """Every channel by its name; one without its secret raises when it is used.

    Args:
        settings: The secrets, and where charts lie. ``source_pace`` spaces out what
            goes to Telegram, too.
        operating: The recipients, and how mail and webhooks are sent.
        clock: What letters and signatures are dated by; the machine's by default.
    """
    ticking = clock or SystemClock()
    made = (
        _telegram(settings, operating),
        _mail(settings, operating, ticking),
        _webhook(settings, operating, ticking),
        _other(settings, operating),
    )
    async with AsyncExitStack() as stack:
        for channel in made:
            stack.push_async_callback(channel.close)
        yield {channel.name: channel for channel in made}


def _telegram(settings: Secrets, operating: Operating) -> Closing:
    name, token = ChannelName.TELEGRAM, settings.telegram_token
    if token is None:
        hint = f"Get one of @BotFather. {_ENV.format('DEXTER_TELEGRAM_TOKEN')}"
        return Unset(name.value, "token", hint)
    # The wires are heavy, and most runs of most commands send nothing.
    from dexter.alerts.pace import Pace  # noqa: PLC0415
    from dexter.alerts.post import Poster  # noqa: PLC0415
    from dexter.alerts.telegram import Telegram  # noqa: PLC0415

    return Telegram(
        token.get_secret_value(),
        addresses(operating.recipients, name),
        settings.home,
        Pace(settings.source_pace),
        Poster(_SECONDS),
        settings.telegram_base_url,
    )


def _mail(settings: Secrets, operating: Operating, clock: Clock) -> Closing:
    name, password = ChannelName.EMAIL, settings.smtp_password
    if settings.smtp_url is not None:
        # Laid over here too, so that its password meets no server but its own.
        server = mail_server(settings.smtp_url.get_secret_value())
        operating = with_server(operating, server)
        password = SecretStr(server.password) if server.password else password
    office = operating.email
    if office is None:
        hint = (
            "Add a table [email] to dexter.toml (see `dexter config show --default`), "
            "or set DEXTER_SMTP_URL."
        )
        return Unset(name.value, "mail server", hint)
    if office.user is not None and password is None:
        return Unset(name.value, "password", _ENV.format("DEXTER_SMTP_PASSWORD"))
    from dexter.alerts.mail import Mail  # noqa: PLC0415 - as above

    return Mail(
        office,
        password.get_secret_value() if password else None,
        addresses(operating.recipients, name),
        settings.home,
        clock,
        seconds=_SECONDS,
    )


def _webhook(settings: Secrets, operating: Operating, clock: Clock) -> Closing:
    name, secret = ChannelName.WEBHOOK, settings.webhook_secret
    if secret is None:
        return Unset(name.value, "secret", _ENV.format("DEXTER_WEBHOOK_SECRET"))
    from dexter.alerts.post import Poster  # noqa: PLC0415 - as above
    from dexter.alerts.webhook import Webhook  # noqa: PLC0415

    found = addresses(operating.recipients, name)
    poster = Poster(float(operating.webhook.timeout))
    return Webhook(secret.get_secret_value(), found, clock, poster)


def _other(settings: Secrets, operating: Operating) -> Closing:
    name, urls = ChannelName.APPRISE, settings.apprise_urls
    if urls is None:
        hint = f"{_ENV.format(URLS)} It holds NAME=URL pairs."
        return Unset(name.value, "URLs", hint)
    from dexter.alerts.other import Other  # noqa: PLC0415 - as above

    try:
        named = named_urls(urls.get_secret_value())
    except UnusableVariableError as error:
        return Unset(name.value, "usable URLs", error.sentence)
    return Other(named, addresses(operating.recipients, name))


def named_urls(text: str) -> Mapping[str, str]:
    """The URLs of ``NAME=URL`` pairs, one a line or between spaces.

    Raises:
        UnusableVariableError: one is no such pair, or a name stands twice.
    """
    found: dict[str, str] = {}
    for number, pair in enumerate(text.split(), 1):
        name, _, url = pair.partition("=")
        # The pair itself is a secret, so it is told by its place.
        if not apprise_names(pair):
            raise UnusableVariableError(URLS, f"entry {number} is not NAME=URL")
        if name in found:
            raise UnusableVariableError(URLS, f"entry {number} names {name} again")
        found[name] = url
    return found
