"""A small model over real features, so that the sample market can be scored."""

from datetime import date

from dexter.features.catalogue import catalogue_hash
from registry.logistic import Logistic
from registry.manifest import LOGISTIC_FILE, Bounds, Manifest, Member
from registry.registered import digest
from tests.registry.making import model

INPUTS = ("log_turnover_20", "volatility_60", "revenue_yoy", "sue")
_LINE = Logistic(
    coefficients=(-0.4, 0.8, 0.3, 0.2),
    intercept=-1.0,
    means=(7.5, 0.02, 0.1, 0.0),
    scales=(1.0, 0.01, 0.3, 1.5),
)


def small_model(**changes: object) -> tuple[Manifest, dict[str, bytes]]:
    """A logistic line over four features; the manifest's parts may be changed."""
    files = {LOGISTIC_FILE: _LINE.model_dump_json().encode()}
    told = {
        "version": "small-1",
        "trained_until": date(2024, 6, 30),
        "catalogue_hash": catalogue_hash(),
        "inputs": INPUTS,
        "members": (
            Member(kind="logistic", file=LOGISTIC_FILE, inputs=INPUTS, weight=1.0),
        ),
        "bounds": Bounds(
            threshold=0.3, medium_from=0.2, minimum_coverage=0.5, minimum_turnover=6.4
        ),
        "proofs": (),
        "files": {name: digest(content) for name, content in files.items()},
        **changes,
    }
    return model()[0].model_copy(update=told), files
