"""Channels that do as they are told, and a clock that moves when it is asked to."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from dexter.domain.delivered import DeliverySummary
from dexter.domain.delivery import Delivery, DeliveryState, Message, Posting, Receipt
from dexter.operating import Alerting, ChannelName, Operating, Recipient
from dexter.ports import Channel
from dexter.store.database import Database
from dexter.store.outbox import Outbox
from pipelines.daily.delivering import deliver
from tests.store.making_outbox import NOW

HOUR = timedelta(hours=1)
TO = {"telegram": "-100", "email": "me@example.com", "webhook": "http://127.0.0.1/"}
Says = Exception | Receipt | Callable[[Message], object]


class Clock:
    """The present as the test has it; sleeping moves it on."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at
        self.slept: list[float] = []

    async def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


class Scripted:
    """A channel that answers each recipient as written, then takes everything."""

    def __init__(self, name: str, **answers: list[Says]) -> None:
        self._name = name
        self.answers: defaultdict[str, list[Says]] = defaultdict(list, answers)
        self.got: list[tuple[str, Message]] = []
        self.at_once = self.most_at_once = 0

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, recipient: str) -> Receipt:
        self.got.append((recipient, message))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        answers = self.answers[recipient]
        said = answers.pop(0) if answers else Receipt(str(len(self.got)))
        if isinstance(said, Exception):
            raise said
        if isinstance(said, Receipt):
            return said
        return said(message)  # type: ignore[return-value]  # whatever a channel does


class Scene:
    """A home with an outbox, and what delivers from it, by these channels or others."""

    def __init__(self, home: Path, *channels: Scripted, **alerts: object) -> None:
        self.database = Database.open(home)
        self.outbox = Outbox(self.database)
        self.clock = Clock()
        every = (*map(Scripted, ChannelName), *channels)
        self.channels: Mapping[str, Channel] = {one.name: one for one in every}
        self.operating = operating(**alerts)

    def put(self, *postings: Posting) -> None:
        self.outbox.post(postings, self.clock.at)

    async def deliver(self, patience: timedelta = timedelta(0)) -> DeliverySummary:
        return await deliver(
            self.database,
            self.channels,
            self.operating,
            self.clock,
            patience=patience,
            sleep=self.clock.sleep,
        )

    def states(self) -> dict[str, DeliveryState]:
        """By symbol, version and recipient, as ``HCL1 me``."""
        return {label(row): row.state for row in self.outbox.all()}

    def row(self, named: str) -> Delivery:
        return next(row for row in self.outbox.all() if label(row) == named)


def label(row: Delivery) -> str:
    return f"{row.item.partition('-')[0]}{row.version} {row.recipient}"


def operating(*people: Recipient, **alerts: object) -> Operating:
    """Recipients ``me`` and ``desk`` of telegram, ``post`` of e-mail, or others."""
    default = (person("me"), person("desk"), person("post", "email"))
    return Operating(
        recipients=people or default, alerts=Alerting.model_validate(alerts)
    )


def person(name: str, channel: str = "telegram", **other: object) -> Recipient:
    told = {"name": name, "channel": channel, "to": TO[channel], **other}
    return Recipient.model_validate(told)
