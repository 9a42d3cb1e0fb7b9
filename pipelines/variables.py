"""Whether what the environment says of channels can be used; no value is told."""

import re
from collections.abc import Iterator
from typing import Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr

from dexter.errors import UnusableVariableError
from pipelines.channels import URLS, named_urls

_TOKEN = re.compile(r"\d+:[\w-]{30,}")


class Variables(Protocol):
    """The variables of channels that have a form."""

    telegram_token: SecretStr | None
    telegram_base_url: str | None
    apprise_urls: SecretStr | None


def unusable(said: Variables) -> Iterator[UnusableVariableError]:
    """Every variable that no channel could use, whether or not one is asked to."""
    token, base, urls = said.telegram_token, said.telegram_base_url, said.apprise_urls
    if token is not None and not _TOKEN.fullmatch(token.get_secret_value()):
        yield UnusableVariableError(
            "DEXTER_TELEGRAM_TOKEN",
            "it is no token of a bot, which is a number, a colon and 35 characters",
            "Copy it whole from @BotFather into the environment or .env.",
        )
    if base is not None and not _address(base):
        why = "it is no address like https://api.telegram.org"
        yield UnusableVariableError("DEXTER_TELEGRAM_BASE_URL", why)
    if urls is not None:
        yield from _unknown(urls.get_secret_value())


def _address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _unknown(urls: str) -> Iterator[UnusableVariableError]:
    from dexter.alerts.other import strangers  # noqa: PLC0415 - heavy

    try:
        names = strangers(named_urls(urls))
    except UnusableVariableError as error:
        yield error
        return
    for name in names:
        why = f"apprise does not know the URL called {name}"
        hint = "See the service's form of URL in apprise's documentation."
        yield UnusableVariableError(URLS, why, hint)
