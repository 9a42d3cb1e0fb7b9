"""The last commit goes to a host over ssh, and is installed there; ssh stands in."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.conftest import DEPLOY

# The other side is a folder; what came for its shell is run by one.
SSH = """#!/bin/sh
echo "$1" >>@FAR@/hosts
shift
cd @FAR@ && TMPDIR=@FAR@/tmp exec sh -c "$*"
"""
INSTALL = """#!/bin/sh
printf '%s\\n' "$@" >@FAR@/asked
pwd >@FAR@/where
cat "$(dirname "$0")/../committed"
exit $(cat @FAR@/code 2>/dev/null || echo 0)
"""


@pytest.fixture
def far(tmp_path: Path) -> Path:
    """The other machine."""
    (tmp_path / "far" / "tmp").mkdir(parents=True)
    return tmp_path / "far"


@pytest.fixture
def checkout(tmp_path: Path, far: Path) -> Path:
    """A repository with the script and a stand-in for the installer."""
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not on this machine")
    top = tmp_path / "checkout"
    (top / "deploy").mkdir(parents=True)
    shutil.copy(DEPLOY / "remote.sh", top / "deploy")
    (top / "deploy" / "install.sh").write_text(INSTALL.replace("@FAR@", str(far)))
    (top / "pyproject.toml").write_text('version = "3.2"\n')
    (top / "committed").write_text("as committed\n")
    who = ["-c", "user.name=t", "-c", "user.email=t@t.invalid"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "x"]):
        subprocess.run([git, *words], cwd=top, check=True)  # noqa: S603 - git
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, text in {"ssh": SSH, "sudo": '#!/bin/sh\nexec "$@"\n'}.items():
        (tools / name).write_text(text.replace("@FAR@", str(far)))
        (tools / name).chmod(0o755)
    return top


def remote(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    path = f"{checkout.parent / 'tools'}:/usr/bin:/bin"
    return subprocess.run(  # noqa: S603 - the script under test
        [checkout / "deploy" / "remote.sh", *words],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": path, "HOME": str(checkout.parent)},
    )


def test_what_is_committed_is_installed_there(checkout: Path, far: Path) -> None:
    (checkout / "committed").write_text("as changed since\n")
    odd = 'it\'s $HOME and `x`; "y"'
    done = remote(checkout, "ubuntu@host", "--keep", "5", "--build", odd)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "as committed\n"
    assert "not committed" in done.stderr
    version, name, *options = (far / "asked").read_text().splitlines()
    assert (version, name.partition("+")[0]) == ("--version", "3.2")
    assert options == ["--keep", "5", "--build", odd]
    assert set((far / "hosts").read_text().split()) == {"ubuntu@host"}
    assert list((far / "tmp").iterdir()) == []


def test_a_failure_there_is_one_here_and_what_it_said_stays(
    checkout: Path, far: Path
) -> None:
    (far / "code").write_text("7")
    done = remote(checkout, "host")
    assert done.returncode == 7
    (folder,) = (far / "tmp").iterdir()
    assert str(folder / "log") in done.stderr
    assert (folder / "log").read_text() == "as committed\n"
    assert not (folder / "source").exists()


def test_a_host_that_answers_nonsense(checkout: Path, far: Path) -> None:
    ssh = checkout.parent / "tools" / "ssh"
    ssh.write_text("#!/bin/sh\necho 'Welcome! /; rm -rf x'\n")
    done = remote(checkout, "host")
    assert done.returncode == 1
    assert "answered with no folder" in done.stderr
    assert not (far / "asked").exists()


def test_no_host(checkout: Path) -> None:
    done = remote(checkout)
    assert done.returncode == 2
    assert "deploy/remote.sh [user@]HOST" in done.stderr
