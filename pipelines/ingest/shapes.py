"""Which Parquet file holds what, told by its columns."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of table: the columns that give it away, and those read when present."""

    kind: str
    required: frozenset[str]
    optional: frozenset[str] = frozenset()


def _shape(kind: str, required: str, optional: str = "") -> Shape:
    return Shape(kind, frozenset(required.split()), frozenset(optional.split()))


# In the order they are taken in: renames first, so that everything after them is
# kept under the latest ticker at once. Outcome columns are never read.
SHAPES = (
    _shape("symbol changes", "old new change_date", "company"),
    _shape("companies", "symbol name isin", "bse_code family"),
    _shape(
        "prices",
        "date symbol canon open high low close base_prev volume turnover_lacs fno"
        " uc_band",
        "adj deliv_qty",
    ),
    _shape("splits and bonuses", "canon ex_date factor", "tdate kind"),
    _shape("filings list", "symbol broadcast q_end consolidated xbrl"),
    _shape(
        "earnings events",
        "symbol q_end consolidated announce_dt revenue net_profit eps",
        "canon announce_src broadcast",
    ),
    _shape(
        "quarterly results",
        "symbol q_end consolidated broadcast revenue net_profit eps",
    ),
    _shape("announcements", "symbol dt desc", "snippet"),
    _shape("index closes", "index date close"),
    _shape("india vix", "date vix"),
    _shape("trading calendar", "date di"),
    _shape("deals", "date symbol security_name"),
)


def shape_of(path: Path) -> Shape | None:
    """The shape of a Parquet file, or none when nothing here reads it.

    Raises:
        OSError, pyarrow.ArrowInvalid: the file is not Parquet.
    """
    columns = set(pq.read_schema(path).names)
    for shape in SHAPES:
        if shape.required <= columns:
            return shape
    return None


def read_shape(path: Path, shape: Shape) -> pa.Table:
    """The columns of a shape; absent optional ones are absent from the table."""
    columns = set(pq.read_schema(path).names)
    wanted = shape.required | (shape.optional & columns)
    return pq.read_table(path, columns=sorted(wanted))
