"""A message as the JSON document a webhook is handed."""

from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from dexter.domain.alert import Alert
from dexter.domain.delivery import ItemKind, Message, Notice


def document(message: Message) -> dict[str, Any]:
    """Plain JSON values; the alert is ``ALERT`` of the contract.

    Of ``alert`` and ``notice`` the one that ``kind`` does not name is null.
    """
    alert, notice = message.alert, message.notice
    return {
        "kind": (ItemKind.NOTICE if alert is None else ItemKind.ALERT).value,
        "key": message.key,
        "version": message.version,
        "repeat": message.repeat,
        "amends": list(message.amends),
        "alert": alert and _alerts().dump_python(alert, mode="json"),
        "notice": notice and _notices().dump_python(notice, mode="json"),
    }


@lru_cache(1)
def _alerts() -> TypeAdapter[Alert]:
    return TypeAdapter(Alert)


@lru_cache(1)
def _notices() -> TypeAdapter[Notice]:
    return TypeAdapter(Notice)
