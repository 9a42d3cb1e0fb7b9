"""docs/errors.md: the error tree and the exit codes."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

from dexter import errors
from dexter.errors import DexterError
from pipelines.docs.markdown import prose, table

_PACKAGES = ("dexter", "registry", "pipelines")


def blocks() -> Iterator[str]:
    """The page, block by block."""
    yield "# Errors"
    yield (
        "Every failure is one sentence, a hint and an exit code; `--debug` adds the "
        "traceback. With `--json` the sentence is also the `reason` of the one "
        "document on stdout."
    )
    yield f"```\n{tree()}\n```"
    yield "## Exit codes"
    codes = (
        ("0", "answered, or done"),
        ("1", "failed: any error not named below"),
        ("2", f"not usable as asked: {_ending_with(2)}"),
        ("3", "abstained, or answered in part"),
        ("4", f"an integrity check failed: {_ending_with(4)}"),
        ("130", "interrupted; what was done is kept"),
    )
    yield table(("code", "meaning"), codes)
    yield "## Errors beside what raises them"
    rows = [
        (f"`{kind.__name__}`", f"`{kind.__mro__[1].__name__}`", _summary(kind))
        for kind in kinds()
        if kind.__module__ != errors.__name__
    ]
    yield table(("error", "is a", "when"), rows)


def tree() -> str:
    """The error tree as drawn in the docstring of ``dexter.errors``."""
    return inspect.cleandoc(inspect.cleandoc(errors.__doc__ or "").split("::\n", 1)[1])


def kinds() -> list[type[DexterError]]:
    """Every error class of the product, whichever room it lives in, by name."""
    for package in map(import_module, _PACKAGES):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    waiting: list[type[DexterError]] = [DexterError]
    found: dict[str, type[DexterError]] = {}
    while waiting:
        kind = waiting.pop()
        if kind.__module__.split(".")[0] in _PACKAGES:
            found[kind.__name__] = kind
        waiting += kind.__subclasses__()
    return [found[name] for name in sorted(found)]


def _ending_with(code: int) -> str:
    return ", ".join(f"`{kind.__name__}`" for kind in kinds() if kind.exit_code == code)


def _summary(kind: type) -> str:
    return prose((kind.__doc__ or "").split("\n\n", 1)[0])
