"""Reading what came over a wire: SDK objects are built without validation, so check."""

import json
from collections.abc import Mapping
from typing import Protocol, cast, runtime_checkable

from dexter.domain.briefs import PageImage
from dexter.domain.conversation import ToolReply, Turn

Json = Mapping[str, object]
_UNANSWERED = "The tool gave no answer."


@runtime_checkable
class _Dumps(Protocol):
    def to_dict(
        self, *, mode: str, exclude_unset: bool, warnings: bool
    ) -> dict[str, object]: ...


def plain(event: object) -> Json:
    """An SDK event as plain JSON; whatever is not an object reads as empty."""
    if isinstance(event, _Dumps):
        return event.to_dict(mode="json", exclude_unset=True, warnings=False)
    return event if isinstance(event, Mapping) else {}


def inside(value: Json, key: str) -> Json:
    """The object under a key, empty where there is none."""
    found = value.get(key)
    return found if isinstance(found, Mapping) else {}


def items(value: Json, key: str) -> tuple[Json, ...]:
    """The objects in the list under a key."""
    found = value.get(key)
    if not isinstance(found, list):
        return ()
    return tuple(one for one in found if isinstance(one, Mapping))


def text(value: Json, key: str) -> str:
    """The text under a key, empty where there is none."""
    found = value.get(key)
    return found if isinstance(found, str) else ""


def count(value: Json, key: str) -> int | None:
    """The count under a key; none where it is missing or no count."""
    found = value.get(key)
    if isinstance(found, bool) or not isinstance(found, int) or found < 0:
        return None
    return found


def parse_object(raw: str) -> dict[str, object] | None:
    """A JSON object, or none. ``NaN`` and ``Infinity`` are not JSON."""
    try:
        value = json.loads(raw, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def _refuse(name: str) -> None:
    raise ValueError(name)


def dumped(value: object) -> str:
    """Compact JSON text, keys in the order given, characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def data_url(image: PageImage) -> str:
    """A picture inside an address, as OpenAI-style servers take it."""
    return f"data:{image.media_type};base64,{image.data}"


def packed(wire: str, said: list[dict[str, object]]) -> str:
    """An echo: what one wire said, to be sent back to that wire alone."""
    return dumped({"wire": wire, "said": said})


def unpacked(turn: Turn, wire: str) -> list[dict[str, object]]:
    """What a turn's echo holds for a wire; nothing when another wire said it."""
    echo = parse_object(turn.echo) if turn.echo else None
    if echo is None or echo.get("wire") != wire:
        return []
    return [dict(one) for one in items(echo, "said")]


def answers(turn: Turn) -> tuple[ToolReply, ...]:
    """The replies to a turn's calls in the order of the calls, each exactly once.

    Providers refuse a history in which a call has no answer, so a missing one becomes
    an error the model can see.
    """
    given = {reply.call_id: reply for reply in turn.replies}
    return tuple(
        given.get(call.id, ToolReply(call.id, _UNANSWERED, is_error=True))
        for call in turn.calls
    )
