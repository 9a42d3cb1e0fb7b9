"""What the environment says of recipients and mail, laid over the file.

The file has the last word on who is told by Telegram; ``DEXTER_SMTP_URL`` has it on the
mail server, all of it, so that a password never goes to another server than its own.
"""

from pydantic import ValidationError

from dexter.errors import UnusableVariableError
from dexter.operating.model import Operating
from dexter.operating.recipient import ChannelName, Email, Recipient
from dexter.operating.server import SMTP_URL, MailServer, unusable

__all__ = [
    "CHAT_ID",
    "SERVER_KEYS",
    "SMTP_URL",
    "names_chats",
    "with_chat",
    "with_server",
]

CHAT_ID = "DEXTER_TELEGRAM_CHAT_ID"
SERVER_KEYS = ("host", "security", "port", "user")
"""The keys of [email] a URL stands in for."""

_NAME = ChannelName.TELEGRAM.value
_FROM = "it does not say whom mail is from"
_SENDER = "Sign in as an address, or give [email] in dexter.toml a sender."


def with_chat(operating: Operating, chat: str) -> Operating:
    """With a chat as a recipient, where the file names nobody by Telegram.

    Raises:
        UnusableVariableError: it is no chat, or its recipient's name is taken.
    """
    if names_chats(operating):
        return operating
    if any(one.name == _NAME for one in operating.recipients):
        why = f'dexter.toml calls a recipient of another channel "{_NAME}"'
        raise UnusableVariableError(CHAT_ID, why, "Call that one something else.")
    said = {"name": _NAME, "channel": ChannelName.TELEGRAM, "to": chat}
    try:
        added = Recipient.model_validate(said)
    except ValidationError:
        why = "it is no chat id like -1001234567890, and no @channel"
        raise UnusableVariableError(CHAT_ID, why) from None
    told = (*operating.recipients, added)
    return operating.model_copy(update={"recipients": told})


def names_chats(operating: Operating) -> bool:
    """Whether anybody is told by Telegram."""
    return any(one.channel is ChannelName.TELEGRAM for one in operating.recipients)


def with_server(operating: Operating, server: MailServer) -> Operating:
    """With a mail server in the place of the file's; ``sender`` and such are kept.

    Raises:
        UnusableVariableError: it can be no server, or nobody to write as.
    """
    filed = operating.email.model_dump(exclude_unset=True) if operating.email else {}
    kept = {key: value for key, value in filed.items() if key not in SERVER_KEYS}
    said = {key: getattr(server, key) for key in SERVER_KEYS}
    if server.port is None:
        del said["port"]
    try:
        email = Email.model_validate(said | kept)
    except ValidationError as error:
        whole = not error.errors()[0]["loc"]
        raise (unusable(_FROM, _SENDER) if whole else unusable()) from None
    return operating.model_copy(update={"email": email})
