"""``dexter schema NAME``: the JSON Schema of each document, generated from its type."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import TypeAdapter

from dexter.domain.alert import Alert, Prediction
from dexter.domain.research import Plan
from dexter.errors import UnknownSchemaError
from dexter.extraction.lines import FileLine
from dexter.orchestrator import reporting
from pipelines.commands import screen
from pipelines.commands.shapes import (
    BacktestDocument,
    BacktestRow,
    FeaturesDocument,
    StatusDocument,
)
from pipelines.daily.shape import DayDocument
from registry.manifest import Manifest


def _of(shape: type) -> Callable[[], dict[str, Any]]:
    return lambda: TypeAdapter(shape).json_schema(mode="serialization")


SCHEMAS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "ask": reporting.schema,
    "alert": _of(Alert),
    "daily": _of(DayDocument),
    "extract": _of(FileLine),
    "plan": _of(Plan),
    "prediction": _of(Prediction),
    "manifest": _of(Manifest),
    "features": _of(FeaturesDocument),
    "backtest": _of(BacktestDocument),
    "backtest-row": _of(BacktestRow),
    "data-status": _of(StatusDocument),
}


def schema(name: str | None) -> int:
    """Print one schema, or the names there are.

    Raises:
        UnknownSchemaError: there is none of that name; lists those there are.
    """
    if name is None:
        screen.out().print("\n".join(SCHEMAS))
        return 0
    make = SCHEMAS.get(name)
    if make is None:
        raise UnknownSchemaError(name, tuple(SCHEMAS))
    screen.print_json(make())
    return 0
