"""Pages say what the code says, lead where they point, and show what really ran."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from dexter import errors
from dexter.domain.alert import Demonstrated
from dexter.settings import Settings
from pipelines.docs import failures
from pipelines.docs.markdown import GENERATED
from pipelines.docs.pages import FOLDER, ROOT, pages
from registry.store import ModelStore

README = ROOT / "README.md"
WRITTEN = [README, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
PAGES = [*WRITTEN, *sorted(FOLDER.rglob("*.md"))]
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_SHOWN = re.compile(r"<!-- sample run.*?-->\n```\n(.*?)```\n<!-- end -->", re.DOTALL)
_ASKED = re.compile(r'`dexter ask "([^"]+)"`')
_FENCED = re.compile(r"^```\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_IN_LINE = re.compile(r"`dexter ([a-z]+(?: [a-z]+)*)")
_IN_BLOCK = re.compile(r"^dexter ([a-z]+(?: [a-z]+)*)", re.MULTILINE)


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    return pages()


def test_generated_pages_are_up_to_date(generated: dict[str, str]) -> None:
    stale = [
        name
        for name, text in generated.items()
        if not (FOLDER / name).is_file() or (FOLDER / name).read_text("utf-8") != text
    ]
    assert stale == [], "run `make docs`"


def test_generated_pages_and_no_others_say_so(generated: dict[str, str]) -> None:
    saying = {
        path.name
        for path in FOLDER.glob("*.md")
        if path.read_text("utf-8").startswith(GENERATED)
    }
    assert saying == set(generated)


def test_every_error_stands_in_the_tree() -> None:
    drawn = re.findall(r"\w+Error\b", failures.tree())
    owned = [k.__name__ for k in failures.kinds() if k.__module__ == errors.__name__]
    assert sorted(drawn) == sorted(owned)


def test_the_tree_draws_each_error_below_its_parent() -> None:
    above: dict[int, str] = {}
    for line in failures.tree().splitlines():
        found = re.search(r"\w+Error", line)
        assert found, line
        depth = found.start() // 4
        above[depth] = found.group()
        if depth:
            parent = getattr(errors, found.group()).__mro__[1].__name__
            assert above[depth - 1] == parent, found.group()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in _LINK.findall(path.read_text("utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.is_relative_to(ROOT), target
        assert there.exists(), target
        if anchor:
            assert anchor in _anchors(there), target


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in headings
    }


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_commands_written_down_exist(path: Path, generated: dict[str, str]) -> None:
    known = set(re.findall(r"^## dexter (.+)$", generated["commands.md"], re.MULTILINE))
    groups = {command.split()[0] for command in known if " " in command}
    text = path.read_text("utf-8")
    blocks = "\n".join(_FENCED.findall(text))
    for said in _IN_LINE.findall(text) + _IN_BLOCK.findall(blocks):
        words = said.split()
        depth = 2 if words[0] in groups and len(words) > 1 else 1
        assert " ".join(words[:depth]) in known, said


def test_readme_names_every_variable() -> None:
    text = README.read_text("utf-8")
    for name, field in Settings.model_fields.items():
        own = name.endswith(("api_key", "base_url")) and field.validation_alias
        variable = name.upper() if own else f"DEXTER_{name.upper()}"
        assert f"`{variable}`" in text, variable


def test_readme_tells_the_shipped_record_truly(tmp_path: Path) -> None:
    text = README.read_text("utf-8")
    shipped = ModelStore(ROOT / "data" / "models", tmp_path).champion().manifest
    edge = shipped.metrics[0].edge
    assert "skill is demonstrated and its edge is not" in text
    assert shipped.skill == Demonstrated.YES
    assert shipped.edge == Demonstrated.NO
    assert "the events it flags returned less than all events did" in text
    assert edge is not None
    assert edge.high < 0


def test_readme_shows_what_the_sample_run_prints(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("DEXTER_HOME", str(tmp_path))
    text = README.read_text("utf-8")
    asked, shown = _ASKED.search(text), _SHOWN.findall(text)
    assert asked
    assert shown
    command = [sys.executable, str(ROOT / "cli.py"), "ask", asked.group(1), "--sample"]
    done = subprocess.run(  # noqa: S603 - our own command, its words from our README
        command, capture_output=True, encoding="utf-8", check=True, cwd=tmp_path
    )
    printed = {line.rstrip() for line in done.stdout.splitlines()}
    missing = [line for line in "".join(shown).splitlines() if line not in printed]
    assert missing == [], "ask again and paste what it prints into README.md"
