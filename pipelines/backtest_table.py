"""A backtest as a table: one row per event, null where a value is not known."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dexter.errors import UnsavableError
from dexter.features.catalogue import catalogue_hash
from dexter.features.columns import Array, Column, Whole
from dexter.features.moments import NEVER
from dexter.ml.dataset import Matrix
from pipelines.backtest import Backtest

_MOMENT = pa.timestamp("us", tz="Asia/Kolkata")


def save(done: Backtest, path: Path) -> None:
    """Write a row an event to a Parquet file, whole or not at all.

    Raises:
        UnsavableError: the file cannot be written.
    """
    part = path.with_name(f".{path.name}.part-{os.getpid()}")
    try:
        pq.write_table(table_of(done), part)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UnsavableError(path, error.strerror or str(error)) from error


def table_of(done: Backtest) -> pa.Table:
    """A backtest as a table, null where a value is not known."""
    manifest, rows, outcome = done.manifest, done.rows, done.outcomes
    sample, many = rows.sample, len(rows)
    known_inputs = np.isfinite(done.inputs).sum(axis=1)
    columns: dict[str, pa.Array] = {
        "symbol": pa.array([event.symbol for event in done.events]),
        "published_at": pa.array(done.asked.moment, type=_MOMENT),
        "period_end": pa.array([event.period_end for event in done.events]),
        "basis": pa.array([manifest.basis.value] * many),
        "session0": _days(outcome.day0),
        "known_features": pa.array(known_inputs, type=pa.int32()),
        "probability": _real(sample.probability),
        "probability_raw": _real(sample.raw),
        "prediction_label": pa.array([manifest.label] * many),
        "model_version": pa.array([manifest.version] * many),
        "features_hash": pa.array(list(_hashes(done.inputs))),
        "blockbuster": _real(done.blockbuster.score),
        "outcome": _real(sample.label).cast(pa.int8()),
        "outcome_known_at": pa.array(
            outcome.known_at, mask=outcome.known_at == NEVER, type=_MOMENT
        ),
        "outcome_reason": pa.array(rows.unknown, type=pa.string()),
        "probability_reason": pa.array(rows.refusal, type=pa.string()),
        "confidence": pa.array(rows.confidence, type=pa.string()),
        "interval": _pairs(done.interval),
        "base_rate": pa.array([manifest.base_rate] * many),
        "priority": pa.array(rows.priority, type=pa.string()),
        "blockbuster_coverage": pa.array(done.blockbuster.coverage),
        "net_return": _real(outcome.net_return.values),
        "net_return_reason": _reasons(outcome.net_return),
        "abnormal": _real(outcome.abnormal.values),
        "touched": _real(outcome.touched.values).cast(pa.int8()),
        "locked_open": pa.array(outcome.locked_open),
    }
    about = {
        "model_version": manifest.version,
        "catalogue_hash": catalogue_hash(),
        "trained_until": manifest.trained_until.isoformat(),
    }
    return pa.table(columns).replace_schema_metadata(about)


def _real(values: Array) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))


def _days(numbers: Whole) -> pa.Array:
    whole = pa.array(numbers.astype(np.int32), mask=numbers < 0)
    return whole.cast(pa.date32())


def _pairs(values: Array) -> pa.Array:
    pairs = [None if np.isnan(low) else [low, high] for low, high in values.tolist()]
    return pa.array(pairs, type=pa.list_(pa.float64()))


def _reasons(column: Column) -> pa.Array:
    told = [column.reason(row) for row in range(len(column))]
    return pa.array(told, type=pa.string())


def _hashes(inputs: Matrix) -> Iterator[str]:
    """sha256 of the catalogue's hash and the inputs as little-endian float32."""
    before = catalogue_hash().encode()
    for row in inputs.astype("<f4"):
        yield hashlib.sha256(before + row.tobytes()).hexdigest()


def check_path(path: Path) -> None:
    """Refuse a file that cannot be written before anything is computed.

    Raises:
        UnsavableError: it is no Parquet file, or its folder is not there.
    """
    if path.suffix != ".parquet":
        raise UnsavableError(path, "its name does not end in .parquet")
    if not path.parent.is_dir():
        raise UnsavableError(path, "its folder does not exist")
