"""What the file asks of the environment, and what is missing there."""

from dataclasses import dataclass

from dexter.operating.model import Operating
from dexter.operating.recipient import APPRISE_NAME, ChannelName, Recipient

_ENV = "Set it in the environment or in .env."


@dataclass(frozen=True, slots=True)
class Held:
    """Which secrets the environment holds; never the secrets themselves.

    Args:
        telegram_token: Whether there is one.
        smtp_password: Whether there is one.
        webhook_secret: Whether there is one.
        apprise: The names that have a URL.
    """

    telegram_token: bool
    smtp_password: bool
    webhook_secret: bool
    apprise: frozenset[str]


def apprise_names(urls: str) -> frozenset[str]:
    """The names of ``NAME=URL`` pairs; what is no pair is left out, unread."""
    pairs = (pair.partition("=") for pair in urls.split())
    return frozenset(
        name for name, _, url in pairs if url and APPRISE_NAME.fullmatch(name)
    )


@dataclass(frozen=True, slots=True)
class Lack:
    """Something without which nobody, or not everybody, can be told.

    Args:
        where: The key path it is about.
        what: What is missing, in a sentence without its full stop.
        hint: What to do.
    """

    where: str
    what: str
    hint: str


def lacking(operating: Operating, held: Held) -> tuple[Lack, ...]:
    """What recipients need that is not there; each is told once a channel."""
    lacks: dict[tuple[str, str], Lack] = {}
    for number, one in enumerate(operating.recipients):
        for lack in _of(one, f"recipients[{number}]", operating, held):
            lacks.setdefault((one.channel, lack.what), lack)
    return tuple(lacks.values())


def _of(
    one: Recipient, where: str, operating: Operating, held: Held
) -> tuple[Lack, ...]:
    if one.channel is ChannelName.TELEGRAM:
        return _secret(where, "DEXTER_TELEGRAM_TOKEN", one, there=held.telegram_token)
    if one.channel is ChannelName.WEBHOOK:
        return _secret(where, "DEXTER_WEBHOOK_SECRET", one, there=held.webhook_secret)
    if one.channel is ChannelName.EMAIL:
        return _mail(one, where, operating, held)
    if one.to in held.apprise:
        return ()
    what = f"DEXTER_APPRISE_URLS has no URL called {one.to}"
    return (Lack(f"{where}.to", what, f"Add {one.to}=URL to it."),)


def _mail(
    one: Recipient, where: str, operating: Operating, held: Held
) -> tuple[Lack, ...]:
    if operating.email is None:
        what = "the channel email is used, and no table [email] says how mail is sent"
        hint = (
            "Add one: `dexter config show --default` has an example; or set "
            "DEXTER_SMTP_URL."
        )
        return (Lack(where, what, hint),)
    if operating.email.user is None:
        return ()
    return _secret(where, "DEXTER_SMTP_PASSWORD", one, there=held.smtp_password)


def _secret(
    where: str, variable: str, one: Recipient, *, there: bool
) -> tuple[Lack, ...]:
    what = f"the channel {one.channel} is used, and {variable} is not set"
    return () if there else (Lack(where, what, _ENV),)
