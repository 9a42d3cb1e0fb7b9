"""A host that answers from a list, and remembers what it was asked."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from dexter.errors import NotYetPublishedError, SourceBlockedError, SourceError
from dexter.sources.config import HostConfig, SourceConfig, load_config
from dexter.sources.download import Download
from dexter.sources.host import Host
from dexter.sources.wire import Answer, Kind

CONFIG: SourceConfig = load_config({}, pace=0)

Reply = bytes | int | SourceError
Replies = Reply | list[Reply] | Callable[[Mapping[str, str]], Reply]


@dataclass
class Asked:
    path: str
    params: Mapping[str, str]
    kind: Kind
    headers: Mapping[str, str]


@dataclass
class FakeHost:
    """Replies by path: bytes, a status, an error, a list of these, or a function."""

    key: str
    replies: dict[str, Replies]
    asked: list[Asked] = field(default_factory=list)
    forgotten: int = 0

    @property
    def config(self) -> HostConfig:
        return CONFIG.hosts[self.key]

    @property
    def name(self) -> str:
        return self.config.name

    def forget_cookies(self) -> None:
        self.forgotten += 1

    async def fetch(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        kind: Kind,
        headers: Mapping[str, str] | None = None,
        cache: bool = False,
        passing: frozenset[int] = frozenset(),
    ) -> Answer:
        assert isinstance(cache, bool)
        asked = Asked(path, params or {}, kind, headers or {})
        self.asked.append(asked)
        await asyncio.sleep(0)  # others get their turn, as on a wire
        reply = self._reply(asked)
        if isinstance(reply, SourceError):
            raise reply
        if isinstance(reply, int):
            if reply not in passing:
                raise SourceBlockedError(self.name, f"status {reply}")
            return Answer(path, reply, {}, b"")
        return Answer(f"{self.config.base}{path}", 200, {}, reply)

    async def download(
        self,
        path: str,
        folder: Path,
        *,
        kind: Kind,
        headers: Mapping[str, str] | None = None,
    ) -> Download:
        answer = await self.fetch(path, kind=kind, headers=headers)
        sha = hashlib.sha256(answer.body).hexdigest()
        (folder / sha).write_bytes(answer.body)
        return Download(folder / sha, sha, len(answer.body), path)

    def _reply(self, asked: Asked) -> Reply:
        reply = self.replies.get(asked.path)
        if reply is None:
            return NotYetPublishedError(self.name, asked.path)
        if callable(reply):
            return reply(asked.params)
        if isinstance(reply, list):
            return reply.pop(0) if len(reply) > 1 else reply[0]
        return reply


def host(fake: FakeHost) -> Host:
    """The fake, where a host is due: it has what the clients use of one."""
    return cast("Host", fake)
