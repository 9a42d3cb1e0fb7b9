"""What is kept of a training: a manifest, and the files it names."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from dexter.domain.filing import Basis
from dexter.features.catalogue import catalogue_hash
from dexter.features.moments import day_of
from dexter.ml.calibration import IDENTITY
from dexter.ml.dataset import Dataset, Matrix
from dexter.ml.drift import drift
from dexter.ml.judgement import MINIMUM_TURNOVER, Judged
from dexter.ml.learners import Learned
from dexter.ml.logistic import Linear
from dexter.ml.recipe import Mixed
from dexter.ml.sample import OutOfSample
from dexter.ml.sample_file import SAMPLE_FILE, to_bytes
from dexter.ml.search import RESERVED_SEASONS, Choice
from dexter.ml.splits import EMBARGO_SESSIONS
from dexter.ml.walk import WARM_UP_SEASONS, Fold, learned
from registry import record
from registry.code import code_hash
from registry.evidence_table import Walked, evidence_table
from registry.logistic import Logistic
from registry.manifest import Calibration, Manifest, Member, Proof, Range
from registry.members import combined

SEED = 20180401
TRIALS_FILE = "trials.json"
PROOFS = 8
ABSENT = 0.1
FILES = {
    "xgboost": "model-{}.ubj",
    "lightgbm": "model-{}.lgb.txt",
    "logistic": "logistic-{}.json",
}


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What walking forward came to: the chosen recipe's folds and its rivals'."""

    choice: Choice
    data: Dataset
    folds: tuple[Fold, ...]
    sample: OutOfSample
    judged: Judged


def recorded(
    found: Evaluated, mixed: Mixed, label: str, until: date, created: datetime | None
) -> tuple[Manifest, dict[str, bytes]]:
    """The manifest of a trained model, and the content of every file it names."""
    members, files = _members(mixed)
    files[SAMPLE_FILE] = to_bytes(found.sample)
    files[TRIALS_FILE] = _trials(found.choice)
    hashes = {name: _digest(content) for name, content in files.items()}
    return _manifest(found, mixed, members, hashes, label, until, created), files


def _members(mixed: Mixed) -> tuple[tuple[Member, ...], dict[str, bytes]]:
    members: list[Member] = []
    files: dict[str, bytes] = {}
    for number, (one, weight) in enumerate(
        zip(mixed.members, mixed.weights, strict=True), 1
    ):
        name = FILES[one.kind].format(number)
        files[name] = _content(one)
        members.append(
            Member(kind=one.kind, file=name, inputs=one.inputs, weight=weight)
        )
    return tuple(members), files


def _content(one: Learned) -> bytes:
    if isinstance(one.content, Linear):
        return Logistic.of(one.content).model_dump_json().encode()
    return one.content


def _trials(choice: Choice) -> bytes:
    told = {
        "chosen": choice.recipe.name,
        "calibrated": choice.mended,
        "trials": [trial.told() for trial in choice.trials],
        "inputs_ranked": choice.ranked,
    }
    return (json.dumps(told, indent=1) + "\n").encode()


def _manifest(  # noqa: PLR0913, PLR0917 - everything a manifest says
    found: Evaluated,
    mixed: Mixed,
    members: tuple[Member, ...],
    hashes: dict[str, str],
    label: str,
    until: date,
    created: datetime | None,
) -> Manifest:
    data, judged, choice = found.data, found.judged, found.choice
    mended = learned(data, found.folds, None) if choice.mended else IDENTITY
    recent = data.matrix[-len(found.sample) // 4 :]
    told = mixed.contributions(recent, data.names).importances()
    splits = [fold.split for fold in found.folds]
    walked = Walked(
        seasons=len(splits) - WARM_UP_SEASONS,
        first=day_of(splits[WARM_UP_SEASONS].test_from),
        last=day_of(splits[-1].test_to),
        purged=sum(split.purged for split in splits),
        embargo=EMBARGO_SESSIONS,
    )
    weights = "".join(hashes[member.file] for member in members)
    digest = _digest(weights.encode())
    return Manifest(
        format=2,
        version=f"{label.replace('_', '-')}-{until:%Y%m%d}-{digest[:8]}",
        label=label,
        basis=Basis.STANDALONE,
        created=created,
        trained_until=until,
        events=len(data),
        hits=int(data.label.sum()),
        base_rate=float(data.label[data.judged].mean()),
        data_hash=fingerprint(data),
        catalogue_hash=catalogue_hash(),
        code_hash=code_hash(),
        inputs=data.names,
        members=members,
        parameters=dict(choice.recipe.parts[0].settings),
        rounds=int(choice.recipe.parts[0].settings.get("rounds", 0)),
        seed=SEED,
        software=_software(members),
        trials=len(choice.trials),
        selection=(
            f"{choice.recipe.name}: least log loss of {len(choice.trials)} trials on "
            f"the seasons before the last {RESERVED_SEASONS}, which were not looked at"
        ),
        embargo=EMBARGO_SESSIONS,
        split="walk-forward by results season, labels purged that were not known",
        calibration=Calibration(slope=mended.slope, intercept=mended.intercept),
        bounds=record.bounds(judged.bounds),
        universe=_universe(),
        metrics=tuple(record.measured(n, m) for n, m in judged.groups),
        reliability=tuple(record.reliability_bin(b) for b in judged.overall.bins),
        references={},
        rivals=record.rivals(judged),
        importances=told,
        drift=_drift(data),
        skill=judged.skill,
        edge=judged.edge,
        evidence_table=evidence_table(judged, walked),
        proofs=_proofs(mixed, members, data),
        files=hashes,
    )


def _universe() -> tuple[Range, ...]:
    return (
        Range(
            name="has_fixed_band",
            low=1,
            outside="futures trade, so there is no fixed upper circuit",
        ),
        Range(
            name="log_turnover_20",
            low=MINIMUM_TURNOVER,
            outside="its median turnover is below ₹25 lakh a day",
        ),
    )


def _drift(data: Dataset) -> dict[str, float]:
    """How far the inputs of the last year stand from those before it."""
    year = data.season > data.season.max() - 4
    found = drift(data.names, data.matrix[~year], data.matrix[year])
    return {one.name: one.psi for one in found}


def _software(members: Sequence[Member]) -> dict[str, str]:
    found = {"numpy": np.__version__}
    kinds = {member.kind for member in members}
    for kind, names in (
        ("xgboost", ("xgboost-cpu", "xgboost")),
        ("lightgbm", ("lightgbm",)),
    ):
        if kind not in kinds:
            continue
        for name in names:
            try:
                found[kind] = version(name)
            except PackageNotFoundError:
                continue
            break
    return found


def fingerprint(data: Dataset) -> str:
    """sha256 over the training matrix, labels, symbols and moments."""
    digest = hashlib.sha256(data.matrix.tobytes())
    digest.update(data.label.tobytes())
    digest.update(data.moment.tobytes())
    digest.update("\n".join(data.symbol.tolist()).encode())
    return digest.hexdigest()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _proofs(
    mixed: Mixed, members: Sequence[Member], data: Dataset
) -> tuple[Proof, ...]:
    """Made-up rows within the reach of each input, and what the model says of them.

    No row of an event: a manifest travels further than the data it was learned from.
    """
    random = np.random.default_rng(SEED)
    low, high = np.nanquantile(data.matrix.astype(np.float64), [0.05, 0.95], axis=0)
    drawn = low + random.uniform(size=(PROOFS, len(data.names))) * (high - low)
    drawn[random.uniform(size=drawn.shape) < ABSENT] = np.nan
    matrix: Matrix = drawn.astype(np.float32)
    said = combined([member.log_odds(matrix) for member in mixed.members], members)
    return tuple(
        Proof(
            row=tuple(None if np.isnan(v) else float(v) for v in inputs), raw=float(raw)
        )
        for inputs, raw in zip(matrix, said, strict=True)
    )
