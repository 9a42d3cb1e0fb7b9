"""The hash of the code changes with the code, and with nothing else."""

from pathlib import Path

import pytest

from registry import code


def test_it_is_a_sha256_and_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    before = code.code_hash()
    assert len(before) == 64
    assert code.code_hash() == before
    monkeypatch.chdir("/")
    assert code.code_hash() == before


def test_it_reads_features_learning_and_scoring() -> None:
    names = [name for name, _ in code._sources()]
    assert names == sorted(names)
    assert {"features/catalogue.py", "ml/calibration.py", "registry/scoring.py"} <= {
        *names
    }
    assert not [name for name in names if name.startswith("/")]


def test_an_edit_changes_it_and_line_ends_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.py"

    def hashed(content: bytes) -> str:
        path.write_bytes(content)
        monkeypatch.setattr(code, "_sources", lambda: iter([("one.py", path)]))
        return code.code_hash()

    assert hashed(b"a = 1\n") == hashed(b"a = 1\r\n")
    assert hashed(b"a = 1\n") != hashed(b"a = 2\n")
