"""How often each feature is known on the real market's events, and on liquid ones.

Not a matter of speed, but measured in the same way: the table is kept in the docs, and
the promise is that 40 features are known in half of the liquid events.
"""

from datetime import date
from pathlib import Path

import numpy as np

from bench.tables import ROOT, Part, Target, table
from dexter.extraction.document import read
from dexter.features.catalogue import SPECS
from dexter.features.spec import Category
from dexter.store.database import Database
from pipelines.featurize import featurize
from pipelines.ingest.folder import import_folder

REAL = ROOT.parent / "shared" / "data" / "market"
PAGE = ROOT / "docs" / "fill-rates.md"
UNTIL = date(2025, 6, 30)
LIQUID = 7.0
"""log10 rupees of median turnover: ₹1 crore a day."""

HALF = 0.5
PROMISED = 40


def measure(folder: Path) -> Part:
    """Import the market, compute every feature of every event, count.

    Raises:
        FileNotFoundError: the real market is not at hand.
    """
    if not REAL.is_dir():
        msg = "fill rates are of the real market, which is not here"
        raise FileNotFoundError(msg)
    home = folder / "home"
    import_folder(REAL, home, read=read)
    database = Database.open(home)
    try:
        matrix = featurize(database, UNTIL, lambda *_: None).matrix
    finally:
        database.close()
    columns = matrix.columns
    told = columns["loss"].why == 0
    with np.errstate(invalid="ignore"):
        liquid = told & (columns["log_turnover_20"].values >= LIQUID)
    known = {name: column.why == 0 for name, column in columns.items()}
    rows = [
        (
            f"`{spec.name}`",
            spec.category.value,
            f"{known[spec.name][told].mean():.1%}",
            f"{known[spec.name][liquid].mean():.1%}",
        )
        for category in Category
        for spec in SPECS
        if spec.category is category
    ]
    head = (
        "feature",
        "category",
        f"of {told.sum():,} events with figures",
        f"of {liquid.sum():,} liquid ones",
    )
    half = sum(float(mask[liquid].mean()) >= HALF for mask in known.values())
    target = Target(
        "features known in half of the liquid events", PROMISED, half, "", at_least=True
    )
    return Part("fill", table(head, rows), (target,), PAGE)
