"""Values to JSON text and back, by their types; errors too.

A recorded value is always *read back from its text*, in the run that records it as in
every later one, so that recording and replaying cannot differ.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, to_jsonable_python

from dexter.errors import DexterError, IntegrityError, JournalError
from dexter.journal.events import dump

T = TypeVar("T")

Plain = Mapping[str, Any]
_PLAIN = {str, int, bool, type(None)}
_UNWRITABLE = (PydanticSerializationError, ValueError, TypeError, RecursionError)


def canonical(value: object) -> str:
    """Canonical JSON of inputs: sorted keys, no spaces; dataclasses, Decimal, dates.

    Sets have no order of their own and do not belong in inputs.

    Raises:
        JournalError: the value has no JSON (NaN, a function, a lone surrogate).
    """
    try:
        return _checked(to_jsonable_python(value))
    except _UNWRITABLE as error:
        raise _unwritable(error) from error


def canonical_arguments(codecs: Mapping[str, "Codec[Any]"], values: Plain) -> str:
    """Canonical JSON of named arguments, each by the codec of its annotation.

    Raises:
        JournalError: a value has no JSON.
    """
    try:
        return _checked(
            {
                name: value if type(value) in _PLAIN else codecs[name].plain(value)
                for name, value in values.items()
            }
        )
    except _UNWRITABLE as error:
        raise _unwritable(error) from error


def _checked(plain: object) -> str:
    text = dump(plain)
    text.encode()  # A lone surrogate has no bytes.
    return text


def _unwritable(error: Exception) -> JournalError:
    return JournalError(f"The journal cannot write these inputs: {_line(error)}.")


class Codec(Generic[T]):
    """One type's way to JSON and back."""

    __slots__ = ("_name", "_reader", "_writer")

    def __init__(self, returns: object) -> None:
        adapter: TypeAdapter[T] = TypeAdapter(cast("type[T]", returns))
        # The adapter's own parts: its methods cost twice as much as the work.
        self._writer, self._reader = adapter.serializer, adapter.validator
        self._name = getattr(returns, "__name__", None) or str(returns)

    def plain(self, value: T) -> object:
        """Lists, mappings, text and numbers that say the same, for inputs."""
        return self._writer.to_python(value, mode="json", warnings=False)

    def decode(self, text: str) -> T:
        """The value of a recorded JSON text.

        Raises:
            IntegrityError: the text does not fit the type.
        """
        try:
            value: T = self._reader.validate_json(text)
        except ValidationError as error:
            msg = f"A recorded {self._name} does not fit its type: {_line(error)}."
            raise IntegrityError(msg) from error
        return value

    def through(self, value: T) -> tuple[str, T]:
        """The JSON text of a fresh value, and the value read back from it.

        Raises:
            JournalError: the value is not of the promised type.
        """
        try:
            text = self._writer.to_json(value, warnings="error").decode()
            again: T = self._reader.validate_json(text)
        except _UNWRITABLE as error:
            msg = f"A {self._name} was promised, and this is not one: {_line(error)}."
            raise JournalError(msg) from error
        return text, again


@lru_cache(maxsize=1024)
def codec(returns: object) -> Codec[Any]:
    """The codec of a type, built once: anything a pydantic ``TypeAdapter`` takes."""
    return Codec(returns)


def error_to_json(error: DexterError) -> str:
    """A recorded error: its classes, sentence, hint and public attributes."""
    lineage = [c.__name__ for c in type(error).__mro__ if issubclass(c, DexterError)]
    extra = {
        name: _tagged(value)
        for name, value in vars(error).items()
        if not name.startswith("_") and name not in {"sentence", "hint"}
    }
    return canonical(
        {
            "classes": lineage,
            "sentence": error.sentence,
            "hint": error.hint,
            "attributes": extra,
        }
    )


def error_from_json(told: Mapping[str, object]) -> DexterError:
    """The recorded error again: same class, sentence, hint and attributes.

    A class this process does not know becomes its nearest known ancestor; nothing is
    imported on a record's word.

    Raises:
        IntegrityError: this is not a recorded error.
    """
    known = {c.__name__: c for c in _family(DexterError)}
    try:
        nearest = next(name for name in _items(told["classes"]) if name in known)
        again = known[str(nearest)].__new__(known[str(nearest)])
        DexterError.__init__(again, str(told["sentence"]), str(told["hint"]))
        for name, value in _mapping(told["attributes"]).items():
            setattr(again, name, _untagged(value))
    except (LookupError, TypeError, ValueError, ArithmeticError, StopIteration) as e:
        msg = "A recorded error cannot be read back."
        raise IntegrityError(msg) from e
    return again


def _family(root: type[DexterError]) -> Iterator[type[DexterError]]:
    yield root
    for child in root.__subclasses__():
        yield from _family(child)


_SCALARS: tuple[tuple[str, type, Callable[[str], object]], ...] = (
    ("decimal", Decimal, Decimal),
    ("datetime", datetime, datetime.fromisoformat),
    ("date", date, date.fromisoformat),
    ("path", Path, Path),
)
_READERS = {tag: read for tag, _, read in _SCALARS}


def _tagged(value: object) -> object:
    """A value JSON can hold and :func:`_untagged` gives back as it was."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case list():
            return [_tagged(item) for item in value]
        case tuple():
            return {"tuple": [_tagged(item) for item in value]}
        case Mapping():
            return {"mapping": {str(k): _tagged(v) for k, v in value.items()}}
    tags = (tag for tag, type_, _ in _SCALARS if isinstance(value, type_))
    return {next(tags, "text"): str(value)}


def _untagged(value: object) -> object:
    if isinstance(value, list):
        return [_untagged(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    ((tag, inner),) = value.items()
    if tag == "tuple":
        return tuple(_untagged(item) for item in _items(inner))
    if tag == "mapping":
        return {name: _untagged(item) for name, item in inner.items()}
    return _READERS.get(tag, str)(inner)


def _items(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(value)
    return value


def _line(error: Exception) -> str:
    """An error's own words on one line, without a closing stop."""
    return " ".join(str(error).split())[:300].rstrip(".")
