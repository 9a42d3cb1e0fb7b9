"""From what was measured to what a manifest keeps, and back to what reports say."""

import hashlib

from dexter.console.model_report import page
from dexter.ml import judgement
from dexter.ml.evaluation import Metrics
from dexter.ml.intervals import Estimate
from dexter.ml.reliability import Bin
from dexter.ml.report import ModelFacts, ModelReport, report
from dexter.ml.sample_file import SAMPLE_FILE, from_bytes
from registry.manifest import Bounds, Interval, Manifest, Measured, ReliabilityBin
from registry.registered import Registered

REPORT_FILE = "report.html"


def interval(estimate: Estimate) -> Interval:
    """An estimate as the manifest keeps it."""
    return Interval(value=estimate.value, low=estimate.low, high=estimate.high)


def reliability_bin(part: Bin) -> ReliabilityBin:
    """A reliability bin as the manifest keeps it."""
    return ReliabilityBin(
        low=part.low,
        high=part.high,
        events=part.events,
        hits=part.hits,
        mean=part.mean,
        rate=interval(part.rate),
    )


def measured(group: str, metrics: Metrics) -> Measured:
    """Metrics of one group as the manifest keeps them."""
    plain = {
        "brier": metrics.brier,
        "log_loss": metrics.log_loss,
        "roc_auc": metrics.roc_auc,
        "pr_auc": metrics.pr_auc,
    }
    mended = metrics.mended
    return Measured(
        group=group,
        events=metrics.events,
        hits=metrics.hits,
        base_rate=metrics.base_rate,
        brier=metrics.brier.value,
        brier_reference=metrics.brier_reference,
        skill=interval(metrics.skill),
        log_loss=metrics.log_loss.value,
        roc_auc=_value(metrics.roc_auc),
        pr_auc=_value(metrics.pr_auc),
        chosen=metrics.chosen,
        chosen_rate=_interval(metrics.precision),
        edge=_interval(metrics.edge),
        precision=_interval(metrics.precision),
        recall=_interval(metrics.recall),
        f1=_interval(metrics.f1),
        lift_10=_interval(metrics.lift),
        top_decile_ratio=_interval(metrics.ratio),
        sessions=metrics.sessions,
        first=metrics.first,
        last=metrics.last,
        log_loss_reference=metrics.log_loss_reference,
        slope=_interval(mended.slope if mended else None),
        intercept=_interval(mended.intercept if mended else None),
        traded=metrics.traded,
        earned=_interval(metrics.earned),
        moved=_interval(metrics.moved),
        intervals={name: interval(e) for name, e in plain.items() if e is not None},
    )


def bounds(found: judgement.Bounds) -> Bounds:
    """Decision bounds as the manifest keeps them."""
    return Bounds(
        threshold=found.threshold,
        medium_from=found.medium_from,
        minimum_coverage=found.minimum_coverage,
        minimum_turnover=found.minimum_turnover,
    )


def rivals(judged: judgement.Judged) -> dict[str, Interval]:
    """Brier skill against each simpler model, as the manifest keeps it."""
    return {found.rival: interval(found.against) for found in judged.comparisons}


def facts(manifest: Manifest) -> ModelFacts:
    """What a manifest says of its model, for a report."""
    total = sum(member.weight for member in manifest.members)
    hashes = {
        "data": manifest.data_hash,
        "features": manifest.catalogue_hash,
        "code": manifest.code_hash,
    }
    return ModelFacts(
        version=manifest.version,
        label=manifest.label,
        basis=manifest.basis.value,
        trained_until=manifest.trained_until,
        events=manifest.events,
        hits=manifest.hits,
        members=tuple((m.kind, m.weight / total) for m in manifest.members),
        inputs=len(manifest.inputs),
        parameters={"rounds": manifest.rounds, **manifest.parameters},
        seed=manifest.seed,
        software=manifest.software,
        hashes={name: told for name, told in hashes.items() if told is not None},
        trials=manifest.trials,
        selection=manifest.selection,
        split=manifest.split,
        embargo=manifest.embargo,
        importances=manifest.importances,
        drift=manifest.drift,
    )


def model_report(registered: Registered) -> ModelReport | None:
    """Everything to be said of a registered model; null without its events.

    Raises:
        IntegrityError: its events are not what was registered.
        UnreadableSampleError: they cannot be read.
    """
    if SAMPLE_FILE not in registered.manifest.files:
        return None
    sample = from_bytes(registered.file(SAMPLE_FILE))
    return report(facts(registered.manifest), sample)


def without_events(registered: Registered) -> tuple[Manifest, dict[str, bytes]]:
    """A model with the report of its events in their place.

    Raises:
        IntegrityError: its files are not what was registered.
    """
    files = registered.files()
    report_of = model_report(registered)
    if report_of is None:
        return registered.manifest, files
    del files[SAMPLE_FILE]
    files[REPORT_FILE] = page(report_of).encode()
    hashes = {name: hashlib.sha256(c).hexdigest() for name, c in files.items()}
    return registered.manifest.model_copy(update={"files": hashes}), files


def _interval(estimate: Estimate | None) -> Interval | None:
    return None if estimate is None else interval(estimate)


def _value(estimate: Estimate | None) -> float | None:
    return None if estimate is None else estimate.value
