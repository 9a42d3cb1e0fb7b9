"""``python -m bench [PART…]``: measure, print, and keep the tables in the docs."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import (
    daily,
    extraction,
    features,
    fill,
    journal,
    orchestration,
    prices,
    scoring,
    startup,
)
from bench.tables import Part, write

PARTS: Mapping[str, Callable[[Path], Part]] = {
    "orchestration": orchestration.measure,
    "journal": journal.measure,
    "startup": startup.measure,
    "extraction": extraction.measure,
    "prices": prices.measure,
    "features": features.measure,
    "scoring": scoring.measure,
    "fill": fill.measure,
    "daily": daily.measure,
}


def main() -> None:
    """Measure the parts asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"of: {', '.join(PARTS)}")
    asked = parser.parse_args().part or list(PARTS)
    unknown = set(asked) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    for name in asked:
        # Inside the environment: a temporary folder may not be on a disk at all.
        with TemporaryDirectory(prefix="bench-", dir=sys.prefix) as folder:
            part = PARTS[name](Path(folder))
        print(f"\n## {name}\n\n{part.markdown()}", flush=True)
        write(part)


if __name__ == "__main__":
    main()
