"""docs/features.md: the feature catalogue."""

from collections.abc import Iterator

from dexter.features import catalogue
from pipelines.docs.markdown import table


def blocks() -> Iterator[str]:
    """The page, block by block."""
    specs = catalogue.SPECS
    yield "# Features"
    yield (
        f"{len(specs)} features of a results event, as of its publication. The model "
        f"reads {len(catalogue.MODEL_INPUTS)} of them; the others are shown to people. "
        "A feature that cannot be computed is null and says why. This is catalogue "
        f"`{catalogue.catalogue_hash()}`: a model refuses features of another one."
    )
    for category in catalogue.CATEGORIES:
        rows = [
            (f"`{s.name}`", s.unit.value, "yes" if s.model_input else "", s.about)
            for s in specs
            if s.category == category
        ]
        yield f"## {category}"
        head = ("feature", "unit", "model reads it", "what it is")
        yield table(head, rows) if rows else "None: nothing here measures it yet."
