"""Every generated page by its file name."""

from pathlib import Path

from pipelines.docs import (
    commands,
    configuration,
    failures,
    features,
    models,
    schemas,
    tools,
)
from pipelines.docs.markdown import page

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs"


def pages() -> dict[str, str]:
    """The text of each page of ``docs/`` that is made from the code."""
    return {
        "commands.md": page(commands.blocks(commands.door())),
        "configuration.md": page(configuration.blocks()),
        "tools.md": page(tools.blocks()),
        "features.md": page(features.blocks()),
        "schemas.md": page(schemas.blocks()),
        "errors.md": page(failures.blocks()),
        "models.md": page(models.blocks(ROOT / "data" / "models")),
    }
