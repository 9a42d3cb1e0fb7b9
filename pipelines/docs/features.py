"""docs/features.md: the feature catalogue."""

from collections.abc import Iterator

from dexter.features.catalogue import MODEL_INPUTS, SPECS, catalogue_hash
from dexter.features.spec import Category, FeatureSpec
from pipelines.docs.markdown import table


def blocks() -> Iterator[str]:
    """The page, block by block."""
    yield "# Features"
    yield (
        f"{len(SPECS)} features of a results event in {len(Category)} categories, as "
        "of its publication (or of any moment: `dexter features SYMBOL --as-of T`). "
        f"Models may read {len(MODEL_INPUTS)} of them; the others are shown to people. "
        "A feature that cannot be computed is absent and says why. This is catalogue "
        f"`{catalogue_hash()}`: a model refuses features of another one."
    )
    yield (
        "In formulas of prices `t` is the last bar known before the event, `x[t-5]` "
        "the value five sessions before it, and `mean(x, n)` and so on run over the "
        "last `n` sessions up to and with `t`; prices and shares are adjusted for "
        "splits and bonuses as known at `t`. How often each feature is known on real "
        "events is in [the table of fill rates](fill-rates.md)."
    )
    for category in Category:
        mine = [spec for spec in SPECS if spec.category is category]
        yield f"## {category.value}"
        head = ("feature", "unit", "looks back", "formula", "absent", "source")
        yield table(head, map(_row, mine))


def _row(spec: FeatureSpec) -> tuple[str, ...]:
    name = f"`{spec.name}`" + ("" if spec.model_input else " (shown only)")
    formula = f"{spec.about}: {spec.formula}"
    cells = (spec.unit.value, spec.look_back, formula, spec.absent, spec.source)
    return name, *(cell.replace("|", "\\|") for cell in cells)
