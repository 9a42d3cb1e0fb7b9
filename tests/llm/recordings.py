"""Recorded exchanges with a model: asked again the same way, answered the same way.

A request is known by a hash of what a provider would be sent. A request nobody recorded
is a failure of the test, never a call and never a canned reply.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter

from dexter.domain.conversation import ModelReply, ModelRequest
from dexter.ports import LanguageModel

_REPLY = TypeAdapter(ModelReply)


class MissingRecordingError(AssertionError):
    """Nobody recorded this exchange. Not a ``DexterError``: nothing may absorb it."""

    def __init__(self, folder: Path, request: ModelRequest) -> None:
        key = request_key(request)
        kept = {
            path.stem[:12]: json.loads(path.read_text("utf-8")).get("request", {})
            for path in folder.glob("*.json")
        }
        others = sorted(k for k, r in kept.items() if r.get("agent") == request.agent)
        super().__init__(
            f"{folder.name} has no exchange {key[:12]} for agent {request.agent!r} "
            f"({len(request.history)} turns so far); it has {others or 'none'} of "
            f"that agent. Record it again, or see which prompt changed: "
            f"{request.prompt[:200]!r}"
        )


def sent(request: ModelRequest) -> dict[str, object]:
    """What of a request reaches a provider, as plain JSON."""
    images = {"images": [asdict(image) for image in request.images]}
    return (images if request.images else {}) | {
        "agent": request.agent,
        "system": request.system,
        "prompt": request.prompt,
        "history": [asdict(turn) for turn in request.history],
        "tools": [
            {"name": one.name, "about": one.description, "schema": dict(one.schema)}
            for one in request.tools
        ],
        "output_schema": request.output_schema and dict(request.output_schema),
    }


def request_key(request: ModelRequest) -> str:
    """The sha256 of what a request sends."""
    text = json.dumps(
        sent(request), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class RecordedModel:
    """Answers from a folder of exchanges, one ``KEY.json`` each."""

    folder: Path
    name: str = "recorded"

    async def complete(self, request: ModelRequest) -> ModelReply:
        path = self.folder / f"{request_key(request)}.json"
        if not path.is_file():
            raise MissingRecordingError(self.folder, request)
        exchange = json.loads(path.read_text("utf-8"))
        return _REPLY.validate_python(exchange["reply"])


@dataclass
class RecordingModel:
    """Asks another model and keeps every exchange in a folder."""

    model: LanguageModel
    folder: Path

    @property
    def name(self) -> str:
        return self.model.name

    async def complete(self, request: ModelRequest) -> ModelReply:
        reply = await self.model.complete(request)
        self.folder.mkdir(parents=True, exist_ok=True)
        exchange = {
            "request": sent(request),
            "reply": _REPLY.dump_python(reply, mode="json"),
        }
        text = json.dumps(exchange, indent=1, ensure_ascii=False, sort_keys=True)
        path = self.folder / f"{request_key(request)}.json"
        path.write_text(text + "\n", "utf-8")
        return reply
