"""What a manifest keeps of an evaluation, and the table that travels with alerts."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from dexter.domain.alert import Demonstrated
from dexter.errors import IntegrityError
from dexter.ml.judgement import Judged, judge
from dexter.ml.sample_file import SAMPLE_FILE, to_bytes
from registry import record
from registry.evidence_table import Walked, evidence_table
from registry.manifest import Measured
from registry.registered import Registered, digest
from tests.ml.making_samples import market
from tests.registry.making import model

WALKED = Walked(6, date(2021, 1, 1), date(2022, 6, 30), 12, 3)


@pytest.fixture(scope="module")
def judged() -> Judged:
    return judge(market(), 1)


def test_the_table_says_the_verdict_the_groups_and_how(judged: Judged) -> None:
    said = evidence_table(judged, WALKED)
    assert said.startswith("Skill is demonstrated: +0.")
    assert "Edge is not demonstrated: " in said
    assert "| all | 3,000 |" in said
    assert "| turnover ₹5 crore and more |" in said
    assert "| volatility alone |" in said
    assert "12 overlapping labels purged, 3 sessions embargoed" in said
    assert "Too few to measure: " in said
    assert "2% band (" in said
    assert "Q1 FY22" not in said


def test_every_row_of_a_table_has_as_many_cells_as_its_head(judged: Judged) -> None:
    blocks = evidence_table(judged, WALKED).split("\n\n")
    tables = [block.splitlines() for block in blocks if block.startswith("|")]
    assert len(tables) == 2
    for lines in tables:
        assert len({line.count("|") for line in lines}) == 1


def test_without_rivals_nothing_is_said_of_them() -> None:
    alone = judge(replace(market(), rivals={}), 1)
    said = evidence_table(alone, WALKED)
    assert "Against" not in said


def test_measures_survive_the_manifest(judged: Judged) -> None:
    for name, metrics in judged.groups:
        kept = record.measured(name, metrics)
        assert Measured.model_validate_json(kept.model_dump_json()) == kept
        assert kept.skill.low == metrics.skill.low
        assert kept.top_decile_ratio == (
            None if metrics.ratio is None else record.interval(metrics.ratio)
        )


def test_rivals_are_kept_with_the_skill_against_them(judged: Judged) -> None:
    kept = record.rivals(judged)
    assert list(kept) == ["base rate", *market().rivals]
    assert kept["base rate"] == record.interval(judged.overall.skill)


def test_what_is_not_defined_is_null_in_the_manifest() -> None:
    told = market()
    bare = replace(
        told,
        label=np.zeros(len(told)),
        net_return=np.full(len(told), np.nan),
        abnormal=np.full(len(told), np.nan),
    )
    kept = record.measured("all", judge(bare, 1).overall)
    assert (kept.roc_auc, kept.pr_auc, kept.lift_10) == (None, None, None)
    assert (kept.edge, kept.earned, kept.moved) == (None, None, None)
    assert (kept.recall, kept.slope, kept.hits) == (None, None, 0)
    assert Measured.model_validate_json(kept.model_dump_json()) == kept


def registered(folder: Path, content: bytes) -> Registered:
    manifest, files = model()
    kept = {**manifest.files, SAMPLE_FILE: digest(content)}
    for name, file in {**files, SAMPLE_FILE: content}.items():
        (folder / name).write_bytes(file)
    with_events = manifest.model_copy(update={"files": kept})
    return Registered(with_events, folder, shipped=False, champion=False)


def test_the_report_is_made_of_what_is_registered(tmp_path: Path) -> None:
    told = market()
    found = record.model_report(registered(tmp_path, to_bytes(told)))
    assert found is not None
    assert found.judged == judge(told, found.facts.seed)
    assert found.judged.skill is Demonstrated.YES
    assert found.facts.members == (("xgboost", 1.0),)


def test_a_model_without_its_events_has_no_report(tmp_path: Path) -> None:
    manifest, _ = model()
    plain = Registered(manifest, tmp_path, shipped=False, champion=False)
    assert record.model_report(plain) is None


def test_events_that_were_tampered_with_are_refused(tmp_path: Path) -> None:
    kept = registered(tmp_path, to_bytes(market()))
    (tmp_path / SAMPLE_FILE).write_bytes(to_bytes(market(2)))
    with pytest.raises(IntegrityError):
        record.model_report(kept)
