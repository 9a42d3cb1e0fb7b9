"""The house keeps its own rules: its imports, what lies in it, what it depends on."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from shutil import which

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
MEGABYTE = 1_000_000
LOCKS = ("requirements.lock", "requirements-dev.lock", "bench/requirements.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OURS = ("dexter", "pipelines", "registry")

_MACHINE = re.compile(rb"(?<![\w.:/-])/(?:home|Users|root|work|mnt)/\w[\w./-]*")
_HOST = re.compile(
    rb"[\w.-]*(?:pypi|pythonhosted|anaconda|npmjs|artifactory|nexus)[\w-]*"
    rb"\.(?:org|com|io|net|internal|local)\b"
)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Files of the repository, or of its next commit, by name with their content."""
    git = which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a checkout, so nothing tells its files from others")
    asked = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, check=False)  # noqa: S603 - git
    if said.returncode:
        pytest.skip(f"git does not list the files: {said.stderr.decode().strip()}")
    names = said.stdout.decode().split("\0")
    return {n: (ROOT / n).read_bytes() for n in names if (ROOT / n).is_file()}


def test_imports_only_fall() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(  # noqa: S603 - the linter of our own environment
        [lint, "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    broken = done.stdout.partition("Broken contracts")[2]
    assert done.returncode == 0, broken or done.stdout + done.stderr


def test_nothing_names_one_machine(files: dict[str, bytes]) -> None:
    assert _found(_MACHINE, files) == []


def test_nothing_names_a_package_registry(files: dict[str, bytes]) -> None:
    assert _found(_HOST, files) == []


def _found(pattern: re.Pattern[bytes], files: dict[str, bytes]) -> list[str]:
    return [
        f"{name}: {match.group().decode()}"
        for name, content in files.items()
        for match in pattern.finditer(content)
    ]


def test_no_file_is_large(files: dict[str, bytes]) -> None:
    assert [name for name, content in files.items() if len(content) > MEGABYTE] == []


def test_the_sample_market_stays_small() -> None:
    sample = (ROOT / "data" / "sample").rglob("*")
    assert sum(path.stat().st_size for path in sample if path.is_file()) < 6 * MEGABYTE


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    pinned = re.split(r"^(?=[a-z0-9])", text, flags=re.IGNORECASE | re.MULTILINE)[1:]
    assert pinned
    assert "://" not in text
    for block in pinned:
        first = block.splitlines()[0]
        assert re.match(r"[\w.-]+(?:\[[\w,-]+\])?==\S+", first), first
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", block), first


def test_locks_pin_every_dependency() -> None:
    pinned = {
        name: set(re.findall(r"^([\w.-]+)(?:\[.*\])?==", _text(name), re.MULTILINE))
        for name in LOCKS[:2]
    }
    needed = {"requirements.lock": _names(PROJECT["dependencies"])}
    extras = PROJECT["optional-dependencies"]
    needed["requirements-dev.lock"] = needed["requirements.lock"] | _names(
        extras["dev"]
    )
    assert {name: needed[name] - pinned[name] for name in pinned} == {
        name: set() for name in pinned
    }


def _text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def _names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(one).name) for one in requirements}


def test_every_dependency_is_imported() -> None:
    here = [
        found
        for found in map(Requirement, PROJECT["dependencies"])
        if found.marker is None or found.marker.evaluate()
    ]
    used = {name for names in _imported().values() for name in names}
    assert {canonicalize_name(found.name) for found in here} - used == set()


def test_every_import_is_a_dependency() -> None:
    declared = _names(PROJECT["dependencies"])
    strangers = {
        module: names for module, names in _imported().items() if not names & declared
    }
    assert strangers == {}


def _imported() -> dict[str, set[str]]:
    """Top-level modules the product imports, with the distributions they come from."""
    distributions = packages_distributions()
    sources = [ROOT / "cli.py", *(p for o in OURS for p in (ROOT / o).rglob("*.py"))]
    modules = {name for path in sources for name in _imports(path)}
    foreign = modules - set(sys.stdlib_module_names) - {*OURS, "cli"}
    return {
        module: {canonicalize_name(name) for name in distributions.get(module, ())}
        for module in foreign
    }


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found
