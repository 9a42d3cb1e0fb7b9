"""Who hears of alerts, and by which channel."""

import re
from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import Field, StrictBool, StrictInt, field_validator, model_validator
from pydantic_core.core_schema import ValidationInfo

from dexter.domain.alert import Priority
from dexter.operating.kinds import (
    Mail,
    Name,
    Part,
    due,
    is_loopback,
    mail_address,
    web_address,
    wrong,
)

_CHAT = re.compile(r"-?\d{1,20}|@[A-Za-z]\w{3,31}")
APPRISE_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,59}")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}|[0-9a-fA-F:]*:[0-9a-fA-F:.]+")
_PORTS = {"tls": 465, "starttls": 587, "none": 25}


class ChannelName(StrEnum):
    """The ways out."""

    TELEGRAM = "telegram"
    EMAIL = "email"
    WEBHOOK = "webhook"
    APPRISE = "apprise"


class Recipient(Part):
    """Someone, or something, that hears of alerts."""

    name: Name = Field(examples=["me"])
    """What they are called here; each has a name of its own."""
    channel: ChannelName = Field(examples=["telegram"])
    """By which way: telegram, email, webhook or apprise."""
    to: str = Field(examples=["-1001234567890"])
    """Telegram: a chat id, or @channel. E-mail: an address. Webhook: a URL. Apprise: a
    name of the environment's DEXTER_APPRISE_URLS, where the URL itself is kept."""
    least: Priority = Field(default=Priority.MEDIUM)
    """The least priority they hear of: low, medium or high."""
    notices: StrictBool = True
    """Whether they also hear of days that were missed, empty or failed."""
    thread: StrictInt | None = Field(default=None, ge=1, examples=[7])
    """Telegram only: the topic of a group, its message_thread_id."""

    @field_validator("to", mode="before")
    @classmethod
    def _of_its_channel(cls, to: object, said: ValidationInfo) -> object:
        channel = said.data.get("channel")
        return _CHECKS[channel](to) if channel else to

    @field_validator("thread")
    @classmethod
    def _of_telegram(cls, thread: int | None, said: ValidationInfo) -> int | None:
        channel = said.data.get("channel", ChannelName.TELEGRAM)
        if thread is not None and channel is not ChannelName.TELEGRAM:
            why = "only a recipient of the channel telegram has a thread"
            raise wrong(why)
        return thread


def _chat(to: object) -> str:
    written = str(to) if isinstance(to, int) and not isinstance(to, bool) else to
    if not isinstance(written, str) or not _CHAT.fullmatch(written):
        what = "a chat id like -1001234567890, or @channel"
        raise due(what)
    return written


def _apprise(to: object) -> str:
    if isinstance(to, str) and "://" in to:
        why = (
            "an apprise URL carries secrets and does not belong in a file; put "
            "NAME=URL into DEXTER_APPRISE_URLS and the NAME here"
        )
        raise wrong(why)
    if not isinstance(to, str) or not APPRISE_NAME.fullmatch(to):
        what = "a name of DEXTER_APPRISE_URLS"
        raise due(what)
    return to


_CHECKS = {
    ChannelName.TELEGRAM: _chat,
    ChannelName.EMAIL: mail_address,
    ChannelName.WEBHOOK: web_address,
    ChannelName.APPRISE: _apprise,
}


def _port(said: dict[str, Any]) -> int:
    return _PORTS[said.get("security", "tls")]


class Email(Part):
    """The server that takes e-mail; its password is DEXTER_SMTP_PASSWORD.

    DEXTER_SMTP_URL stands in for host, security, port and user.
    """

    host: str = "smtp.gmail.com"
    """Gmail wants an app password, which needs two-step verification."""
    security: Literal["tls", "starttls", "none"] = "tls"
    """From the first byte (tls), after a greeting (starttls), or none: only to this
    machine."""
    port: StrictInt = Field(default_factory=_port, ge=1, le=65535, examples=[465])
    """By `security`: tls 465, starttls 587, none 25."""
    user: str | None = Field(default=None, min_length=1, examples=["me@gmail.com"])
    """Who signs in; without one nobody does."""
    sender: Mail | None = Field(default=None, examples=["alerts@example.com"])
    """Whom it is from; `user` where that is an address."""
    reply_to: Mail | None = Field(default=None, examples=["desk@example.com"])
    """Where answers go."""

    @field_validator("host")
    @classmethod
    def _a_host(cls, host: str) -> str:
        if not _HOST.fullmatch(host):
            what = "the name of a mail server like smtp.gmail.com"
            raise due(what)
        return host

    @field_validator("security")
    @classmethod
    def _near_when_open(cls, security: str, said: ValidationInfo) -> str:
        host = said.data.get("host")
        if security == "none" and host is not None and not is_loopback(host):
            why = "mail goes unencrypted only to this machine; take tls or starttls"
            raise wrong(why)
        return security

    @field_validator("user")
    @classmethod
    def _in_a_line(cls, user: str | None) -> str | None:
        if user is not None and not user.isprintable():
            what = "a name in one line"
            raise due(what)
        return user

    @model_validator(mode="after")
    def _from_someone(self) -> Self:
        if self.sender is None:
            try:
                mail_address(self.user)
            except ValueError as error:
                why = "it does not say whom mail is from; give a sender"
                raise wrong(why) from error
        return self

    @property
    def from_address(self) -> str:
        """Whom mail is from."""
        return self.sender or self.user or ""


class Webhook(Part):
    """How webhooks are called; each is signed with DEXTER_WEBHOOK_SECRET."""

    timeout: StrictInt = Field(default=10, ge=1, le=120)
    """Seconds to wait for an answer."""
