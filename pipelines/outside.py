"""What the operator decided, with the environment's word on who is told and how."""

from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

from dexter.errors import UnusableVariableError
from dexter.operating import Operating, read
from dexter.operating.outside import SERVER_KEYS, with_chat, with_server
from dexter.operating.server import mail_server


class Environment(Protocol):
    """What the environment says of recipients and mail."""

    home: Path
    telegram_chat_id: str | None
    smtp_url: SecretStr | None


def operating_of(settings: Environment) -> Operating:
    """What is in force in a home: its file, and the environment over it.

    Raises:
        OperatingError: the file cannot be used.
        UnusableVariableError: a variable cannot be used.
    """
    operating, wrong = laid_over(read(settings.home), settings)
    if wrong:
        raise wrong[0]
    return operating


def laid_over(
    filed: Operating, said: Environment
) -> tuple[Operating, tuple[UnusableVariableError, ...]]:
    """The file with the environment over it, and what of that cannot be used."""
    operating, wrong = filed, []
    for lay in (_chat, _server):
        try:
            operating = lay(operating, said)
        except UnusableVariableError as error:
            wrong.append(error)
    return operating, tuple(wrong)


def said_outside(filed: Operating, operating: Operating) -> frozenset[str]:
    """The keys the environment said something of."""
    told = range(len(filed.recipients), len(operating.recipients))
    keys = [f"recipients[{number}]" for number in told]
    if operating.email is not filed.email:
        keys += [f"email.{key}" for key in SERVER_KEYS]
    return frozenset(keys)


def holds_password(url: SecretStr | None) -> bool:
    """Whether the URL of a mail server has a password; an unusable one has none."""
    try:
        return url is not None and bool(mail_server(url.get_secret_value()).password)
    except UnusableVariableError:
        return False


def _chat(operating: Operating, said: Environment) -> Operating:
    chat = said.telegram_chat_id
    return operating if chat is None else with_chat(operating, chat)


def _server(operating: Operating, said: Environment) -> Operating:
    url = said.smtp_url
    if url is None:
        return operating
    return with_server(operating, mail_server(url.get_secret_value()))
