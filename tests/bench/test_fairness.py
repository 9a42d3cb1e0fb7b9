"""The bench compares like with like, and says plainly when a target is missed."""

import asyncio
import sys
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.main import get_command

import cli
from bench import bare, scoring
from bench.contest import Entrant, Worker
from bench.flows import floor, ours, raw
from bench.tables import ROOT, Part, Target, write
from registry.store import ModelStore

HERE = Path(sys.executable)


def shape(app: typer.Typer) -> list[int]:
    """How many commands a program has, and how many each of its groups."""
    inside = getattr(get_command(app), "commands", {}).values()
    groups = [getattr(command, "commands", None) for command in inside]
    return sorted([groups.count(None), *(len(group) for group in groups if group)])


def test_the_bare_app_is_as_large_as_ours() -> None:
    assert shape(bare.app) == shape(cli.app)


@pytest.mark.parametrize("name", ["graph", "memory", "durable", "replay", "resume"])
def test_every_story_of_ours_ends(name: str, tmp_path: Path) -> None:
    with Worker(Entrant(name, "ours", name, HERE), tmp_path) as worker:
        assert worker.run(12) > 0
        assert worker.run(12) > 0, "and can be told again"
        assert worker.peak() > 1


def test_the_floors_tell_the_same_story(tmp_path: Path) -> None:
    events = asyncio.run(ours.events(12))
    home = tmp_path / "raw"
    home.mkdir()
    (tmp_path / "events-12.json").write_text(raw.told(events), encoding="utf-8")

    with Worker(Entrant("raw", "raw", "raw", HERE), home) as worker:
        assert worker.run(12) > 0
        assert raw.count(home / "raw.db") == len(events)
    assert floor.open_flow("floor", tmp_path)(12) > 0


def test_everyone_scores_the_same_trees(tmp_path: Path) -> None:
    store = ModelStore(ROOT / "data" / "models", tmp_path)
    trees = scoring.trees_alone(store, store.champion())
    rows = scoring.rows_of(trees)[:500]
    plain = scoring.inplace(scoring.boosters(trees), rows)
    assert np.abs(store.scoring(trees).native(rows) - plain).max() < 1e-6
    assert len(set(plain.tolist())) > 100


def test_a_dead_contestant_is_no_figure(tmp_path: Path) -> None:
    with (
        Worker(Entrant("raw", "raw", "raw", HERE), tmp_path) as worker,
        pytest.raises(ChildProcessError),
    ):
        worker.run(12)  # no events are there to be read


@pytest.mark.parametrize(
    ("target", "verdict"),
    [
        (Target("a", 5, 5.0), "met"),
        (Target("a", 5, 5.1), "**missed**"),
        (Target("a", 3, 3.0, at_least=True), "met"),
        (Target("a", 3, 2.9, at_least=True), "**missed**"),
    ],
)
def test_a_target_is_met_or_missed(target: Target, verdict: str) -> None:
    assert target.cells()[-1] == verdict


def test_a_part_is_written_between_its_own_markers(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- bench: x -->\nold\n<!-- end: x -->\nb\n", encoding="utf-8")

    for figures in ("first \\1", "second \\1"):
        write(Part("x", figures, (Target("speed", 2, 1.5),), page))

    text = page.read_text(encoding="utf-8")
    assert "second \\1" in text
    assert "| speed | ≤ 2 × | 1.5 × | met |" in text
    assert "old" not in text
    assert "first" not in text
    assert text.startswith("a\n<!-- bench: x -->\n")
    assert text.endswith("<!-- end: x -->\nb\n")


def test_a_page_without_markers_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n", encoding="utf-8")

    with pytest.raises(ValueError, match="no markers for x"):
        write(Part("x", "table", (), page))
    assert page.read_text(encoding="utf-8") == "a\n"
