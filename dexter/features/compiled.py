"""Loops over bars, compiled: the one place that knows numba.

A kernel is a plain function over float64 and int64 arrays. It is compiled when first
called, which is also when numba is imported (a second most runs need not pay), and kept
in a cache beside the source, or in memory alone where that folder may not be written.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


class _Later:
    """Stands for a compiled function until it is called, or another one calls it."""

    def __init__(self, make: Callable[[], Callable[..., Any]], name: str) -> None:
        self._make = make
        self._made: Callable[..., Any] | None = None
        self.__name__ = name

    def made(self) -> Callable[..., Any]:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __call__(self, *arguments: Any) -> Any:  # noqa: ANN401 - any kernel's
        return (self._made or self.made())(*arguments)


def kernel(function: Kernel) -> Kernel:
    """Compile a function of arrays; it lets go of the interpreter while it runs."""
    later = _Later(lambda: _compiled(function), function.__name__)
    return cast("Kernel", later)


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    import numba  # noqa: PLC0415 - start-up

    # What it calls must be compiled before it, and be found under the same name.
    scope = function.__globals__
    for name in function.__code__.co_names:
        if isinstance(scope.get(name), _Later):
            scope[name] = scope[name].made()
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder of numba's may be written
        return numba.njit(nogil=True)(function)


def _fixed_tuple() -> Callable[..., Any]:
    from numba.np.unsafe.ndarray import to_fixed_tuple  # noqa: PLC0415 - start-up

    return to_fixed_tuple


to_fixed_tuple: Any = _Later(_fixed_tuple, "to_fixed_tuple")
"""An array's first entries as a tuple, inside a kernel."""
