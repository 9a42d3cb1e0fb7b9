"""A port whose every call is a recorded step; tools and agents never notice."""

import inspect
from collections.abc import Callable, Coroutine
from functools import lru_cache, partial
from typing import Any, TypeVar, get_type_hints

from dexter.journal.codec import Codec, canonical_arguments, codec
from dexter.journal.journal import Journal

T = TypeVar("T")

_NAMED = (
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
    inspect.Parameter.KEYWORD_ONLY,
)

_Method = Callable[..., Coroutine[Any, Any, Any]]


def journalled(port: T, protocol: type, name: str, journal: Journal) -> T:
    """Wrap a port: each ``async`` method of its Protocol is a step ``name.method``.

    The arguments, bound and named, are the inputs; the Protocol's return annotation is
    the type of the outcome. Everything else is read through. Secrets never pass
    through a port, so nothing is left out of the record.

    Raises:
        TypeError: an async method takes ``*args`` or ``**kwargs``, or lacks an
            annotation: nobody could know what to record.
    """
    wrapped: T = _wrapper(protocol)(port, name, journal)
    return wrapped


class _Wrapped:
    """What every wrapped port has; the methods are added per Protocol."""

    __slots__ = ("_journal", "_name", "_port")

    def __init__(self, port: object, name: str, journal: Journal) -> None:
        self._port = port
        self._name = name
        self._journal = journal

    def __getattr__(self, attribute: str) -> Any:  # noqa: ANN401 - whatever it is
        return getattr(self._port, attribute)

    def __repr__(self) -> str:
        return f"<journalled {self._port!r}>"


@lru_cache(maxsize=256)
def _wrapper(protocol: type) -> Any:  # noqa: ANN401 - stands in for the Protocol
    """The class that stands in for a Protocol."""
    methods: dict[str, object] = {"__slots__": ()}
    for method, function in inspect.getmembers(protocol, inspect.iscoroutinefunction):
        if not method.startswith("_"):
            methods[method] = _recorded(method, function)
    return type(f"Journalled{protocol.__name__}", (_Wrapped,), methods)


def _recorded(method: str, function: _Method) -> _Method:
    signature = inspect.signature(function)
    hints = get_type_hints(function)
    parameters = list(signature.parameters.values())[1:]
    if any(p.kind not in _NAMED or p.name not in hints for p in parameters):
        msg = f"{function.__qualname__} cannot be journalled: unnamed arguments"
        raise TypeError(msg)
    if "return" not in hints:
        msg = f"{function.__qualname__} does not say what it returns"
        raise TypeError(msg)
    names = tuple(p.name for p in parameters)
    codecs: dict[str, Codec[Any]] = {n: codec(hints[n]) for n in names}
    returns: Codec[Any] = codec(hints["return"])

    async def step(self: _Wrapped, *args: object, **kwargs: object) -> object:
        values = args
        if kwargs or len(args) != len(names):
            bound = signature.bind(self, *args, **kwargs)
            bound.apply_defaults()
            values = tuple(bound.arguments[name] for name in names)
        given = dict(zip(names, values, strict=True))
        return await self._journal.call(
            f"{self._name}.{method}",
            canonical_arguments(codecs, given),
            partial(getattr(self._port, method), *args, **kwargs),
            returns,
        )

    step.__name__ = method
    step.__doc__ = function.__doc__
    return step
