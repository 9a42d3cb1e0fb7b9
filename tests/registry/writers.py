"""Writers in processes of their own, for tests that set several on one home."""

import sys
from pathlib import Path
from time import sleep

from tests.registry.making import model, store


def write(folder: Path, seed: int, promotions: int) -> None:
    """Register a model, and put it in charge again and again."""
    made = model(seed)
    models = store(folder)
    (folder / f"ready-{seed}").touch()
    while not (folder / "go").exists():
        sleep(0.001)
    version = models.register(*made).manifest.version
    for turn in range(promotions):
        models.promote(version, force=f"{seed}.{turn}")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
