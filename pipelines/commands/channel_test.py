"""``dexter alerts test``: a marked test message, and what each channel answered."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches

from pydantic import ValidationError
from rich.markup import escape

from dexter.domain.delivery import Message
from dexter.errors import (
    ChannelBusyError,
    ChannelDownError,
    ChannelRefusedError,
    ChannelUnsetError,
    DeliveryError,
    UsageError,
)
from dexter.operating import ChannelName, Operating, Recipient
from dexter.ports import Channel
from pipelines.clock import SystemClock
from pipelines.commands import screen
from pipelines.outside import operating_of
from pipelines.runtime import settings_here

_SOME_NOT = 3
_UNKNOWN = "unknown"
_STATES: tuple[tuple[type[DeliveryError], str], ...] = (
    (ChannelRefusedError, "refused"),
    (ChannelBusyError, "busy"),
    (ChannelDownError, "down"),
)
_TO = {
    ChannelName.TELEGRAM: '"-1001234567890"',
    ChannelName.EMAIL: '"me@example.com"',
    ChannelName.WEBHOOK: '"https://example.com/hook"',
    ChannelName.APPRISE: '"a name of DEXTER_APPRISE_URLS"',
}


class UnknownChannelError(UsageError):
    """There is no channel of that name."""

    def __init__(self, name: str) -> None:
        near = get_close_matches(name.lower(), list(ChannelName), n=1)
        super().__init__(
            f"There is no channel {name!r}.",
            f"Did you mean {near[0]}?" if near else f"Give {', '.join(ChannelName)}.",
        )


class NobodyToTellError(UsageError):
    """No recipient has the channel."""

    def __init__(self, channel: ChannelName) -> None:
        super().__init__(
            f"Nobody in dexter.toml is told by {channel}.",
            f"Add [[recipients]] with name, channel = {channel.value!r} and "
            f"to = {_TO[channel]}; or give an address with --to.",
        )


class UnknownRecipientError(UsageError):
    """Nobody is called that, and it is no address of the channel either."""

    def __init__(self, channel: ChannelName, asked: str, names: Sequence[str]) -> None:
        told = f"Known by {channel}: {', '.join(names)}." if names else ""
        super().__init__(
            f"{asked!r} is neither a recipient by {channel} nor an address of it.",
            told or f"An address looks like {_TO[channel]}.",
        )


@dataclass(frozen=True, slots=True)
class Answered:
    """What a test came to for one recipient.

    ``state`` is sent, refused, busy, down, unset where one of several has no URL, or
    unknown where the reply was lost.
    """

    recipient: str
    state: str
    receipt: str | None = None
    reason: str | None = None
    hint: str | None = None


def test(channel: str, recipient: str | None, *, as_json_too: bool) -> int:
    """Send a test message by a channel; 3 when some did not take it.

    Args:
        channel: telegram, email, webhook or apprise.
        recipient: A name of a recipient, or an address; every recipient by default.
        as_json_too: One JSON document on stdout.

    Raises:
        UsageError: there is no such channel or recipient.
        OperatingError: dexter.toml cannot be used.
        UnusableVariableError: what the environment says in its place cannot be used.
        ChannelUnsetError: the channel lacks its secret; its hint says how to set it.
    """
    name = _named(channel)
    settings = settings_here()
    operating = operating_of(settings)
    told = _recipients(operating, name, recipient)
    answers = asyncio.run(_send_all(operating, name, told))
    if as_json_too:
        document = {"channel": name.value, "answers": [asdict(one) for one in answers]}
        screen.print_json(document)
    else:
        _show(name, answers)
    return 0 if all(one.state == "sent" for one in answers) else _SOME_NOT


def _named(channel: str) -> ChannelName:
    try:
        return ChannelName(channel)
    except ValueError as error:
        raise UnknownChannelError(channel) from error


def _recipients(
    operating: Operating, channel: ChannelName, asked: str | None
) -> tuple[str, ...]:
    names = tuple(one.name for one in operating.recipients if one.channel is channel)
    if asked is None:
        if not names:
            raise NobodyToTellError(channel)
        return names
    if asked in names:
        return (asked,)
    try:
        Recipient.model_validate({"name": "asked", "channel": channel, "to": asked})
    except ValidationError as error:
        raise UnknownRecipientError(channel, asked, names) from error
    return (asked,)


async def _send_all(
    operating: Operating, name: ChannelName, told: Sequence[str]
) -> tuple[Answered, ...]:
    # Heavy.
    from dexter.alerts.card_sample import sample  # noqa: PLC0415
    from pipelines.channels import open_channels  # noqa: PLC0415

    clock = SystemClock()
    message = sample(await clock.now())
    answers: list[Answered] = []
    unset: list[ChannelUnsetError] = []
    async with open_channels(settings_here(), operating, clock) as channels:
        for one in told:
            try:
                answers.append(await _send(channels[name.value], message, one))
            except ChannelUnsetError as error:
                unset.append(error)
                hint = error.hint or None
                answers.append(Answered(one, "unset", None, error.sentence, hint))
    if len(unset) == len(told):
        raise unset[0]
    return tuple(answers)


async def _send(channel: Channel, message: Message, recipient: str) -> Answered:
    try:
        receipt = await channel.send(message, recipient)
    except DeliveryError as error:
        state = next((s for kind, s in _STATES if isinstance(error, kind)), _UNKNOWN)
        return Answered(recipient, state, None, error.sentence, error.hint or None)
    return Answered(recipient, "sent", receipt.id, receipt.note)


def _show(channel: ChannelName, answers: Sequence[Answered]) -> None:
    console = screen.out()
    wide = max(len(one.recipient) for one in answers)
    for one in answers:
        mark = "[green]✓[/]" if one.state == "sent" else "[red]✗[/]"
        said = [one.state, one.receipt and f"as {one.receipt}", one.reason]
        told = ": ".join(filter(None, [f"{channel} {said[0]}", *said[1:]]))
        console.print(f"{mark} {escape(one.recipient):<{wide}} {escape(told)}")
        if one.hint:
            console.print(f"  [dim]{escape(one.hint)}[/]")
