"""Write the sample market into ``data/sample``: ``python data/generator``."""

import json
import shutil
from pathlib import Path

from about import NOTICE, README
from results_tables import write_tables
from schedule import AS_OF
from shelf import write_filings
from truth import truth_rows
from world import World, build

SEED = 7
OUT = Path(__file__).resolve().parent.parent / "sample"


def main() -> None:
    """Generate everything anew; the same seed gives the same bytes."""
    shutil.rmtree(OUT, ignore_errors=True)
    world = build(SEED)
    write_tables(OUT / "market", world)
    write_filings(OUT / "filings", world)
    _write_about(world)
    files = [path for path in OUT.rglob("*") if path.is_file()]
    total = sum(path.stat().st_size for path in files)
    print(f"{len(files)} files, {total / 1e6:.2f} MB in data/sample")


def _write_about(world: World) -> None:
    rows = [row for d in world.documents for row in truth_rows(d, world.history)]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    about = {
        "fictional": True,
        "notice": NOTICE,
        "as_of": f"{AS_OF.isoformat()}+05:30",
        "seed": SEED,
    }
    for name, text in (
        ("truth.jsonl", lines),
        ("SAMPLE.json", json.dumps(about, indent=2) + "\n"),
        ("README.md", README),
    ):
        (OUT / name).write_bytes(text.encode())


if __name__ == "__main__":
    main()
