"""Secrets that were put into the file: found before anything else, and never shown."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote_plus, urlsplit

from dexter.operating.place import Place

_VARIABLES = (
    ("telegram", "DEXTER_TELEGRAM_TOKEN"),
    ("email|smtp|mail", "DEXTER_SMTP_PASSWORD"),
    ("webhook", "DEXTER_WEBHOOK_SECRET"),
    ("apprise", "DEXTER_APPRISE_URLS"),
    ("anthropic", "ANTHROPIC_API_KEY"),
    ("openai", "OPENAI_API_KEY"),
)
_KEY = re.compile(
    r"pass(word|wd|phrase)|token|secret|api[_-]?key|credential", re.IGNORECASE
)
_PARAMETER = re.compile(
    r"(x-\w+-)?(sig(nature)?|key|auth(orization)?|code|jwt|hmac|pwd?)", re.IGNORECASE
)
_TELEGRAM = re.compile(r"\d+:[\w-]{30,}")
_MODEL = re.compile(r"\bsk-[\w-]{20,}")
_HOOK = re.compile(
    r"hooks\.slack\.com/|discord(app)?\.com/api/webhooks/|\.webhook\.office\.com/",
    re.IGNORECASE,
)
_GENERIC = "the environment or .env"


@dataclass(frozen=True, slots=True)
class Hidden:
    """A secret that stands in the file: where, and which variable it belongs to."""

    place: Place
    belongs: str


def hidden(table: Mapping[str, object]) -> Iterator[Hidden]:
    """Every secret in a file as parsed."""
    yield from _in_table(table, ())


def looks_secret(text: str) -> str | None:
    """Where a text that looks like a secret belongs; null for any other text."""
    if _TELEGRAM.search(text):
        return "DEXTER_TELEGRAM_TOKEN"
    if _MODEL.search(text):
        return "ANTHROPIC_API_KEY or OPENAI_API_KEY"
    if _HOOK.search(text):
        return "DEXTER_APPRISE_URLS"
    return _GENERIC if _signed_in(text) else None


def _signed_in(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return bool(parts.password) or (bool(parts.netloc) and _asks_with_secret(parts))
    except ValueError:
        return False


def _asks_with_secret(parts: SplitResult) -> bool:
    """Whether a parameter of an address is called like a secret, and has a value."""
    pairs = re.split("[&;?]", f"{parts.query}&{parts.fragment}")
    for name, _, value in (pair.partition("=") for pair in pairs):
        plain = unquote_plus(name)
        if value and (_KEY.search(plain) or _PARAMETER.fullmatch(plain)):
            return True
    return False


def _in_table(table: Mapping[str, object], place: Place) -> Iterator[Hidden]:
    for key, value in table.items():
        belongs = looks_secret(key)
        if belongs:
            yield Hidden(place, belongs)
        elif _KEY.search(key) and not isinstance(value, dict | list):
            yield Hidden((*place, key), _variable((*place, key)))
        else:
            yield from _in_value(value, (*place, key))


def _in_value(value: object, place: Place) -> Iterator[Hidden]:
    if isinstance(value, dict):
        yield from _in_table(value, place)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _in_value(one, (*place, number))
    elif isinstance(value, str):
        belongs = looks_secret(value)
        if belongs:
            yield Hidden(place, belongs)


def _variable(place: Place) -> str:
    path = ".".join(map(str, place))
    for pattern, variable in _VARIABLES:
        if re.search(pattern, path, re.IGNORECASE):
            return variable
    return _GENERIC
