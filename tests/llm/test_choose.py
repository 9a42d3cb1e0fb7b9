import subprocess
import sys

import pytest

from dexter.errors import ModelKeyError, SettingError
from dexter.llm.choose import (
    Access,
    ModelChoice,
    ProviderName,
    connect,
    parse_model,
)
from dexter.llm.retry import RetryPolicy
from dexter.llm.throttle import Throttle

KEY = "sk-very-secret-0001"


@pytest.mark.parametrize(
    ("spec", "choice"),
    [
        ("offline", ModelChoice(ProviderName.OFFLINE)),
        (" offline ", ModelChoice(ProviderName.OFFLINE)),
        ("anthropic:claude-x", ModelChoice(ProviderName.ANTHROPIC, "claude-x")),
        ("openai:org/llama:8b", ModelChoice(ProviderName.OPENAI, "org/llama:8b")),
    ],
)
def test_a_spec_names_a_model(spec: str, choice: ModelChoice) -> None:
    assert parse_model(spec) == choice
    assert parse_model(str(choice)) == choice


@pytest.mark.parametrize(
    "spec",
    ["", "offline:x", "anthropic", "anthropic:", "openai: x", "gpt-4", "Anthropic:x"],
)
def test_anything_else_lists_the_forms(spec: str) -> None:
    with pytest.raises(SettingError) as caught:
        parse_model(spec)
    assert "anthropic:NAME" in caught.value.hint


def _connect(spec: str, access: Access) -> object:
    return connect(parse_model(spec), access, RetryPolicy(), Throttle())


@pytest.mark.parametrize("key", [None, "", "  "])
@pytest.mark.parametrize(
    ("spec", "variable"),
    [("anthropic:m", "ANTHROPIC_API_KEY"), ("openai:m", "OPENAI_API_KEY")],
)
def test_no_key_names_the_variable(spec: str, variable: str, key: str | None) -> None:
    with pytest.raises(ModelKeyError, match=variable):
        _connect(spec, Access(key))


def test_a_server_of_ones_own_needs_no_key() -> None:
    model = _connect("openai:llama", Access(None, "http://127.0.0.1:1/v1"))
    assert repr(model) == "OpenAIModel('llama', api='chat')"


def test_openai_itself_is_asked_over_responses() -> None:
    assert repr(_connect("openai:m", Access(KEY))) == (
        "OpenAIModel('m', api='responses')"
    )


def test_the_key_shows_nowhere() -> None:
    access = Access(KEY)
    shown = [repr(access), str(access), access.fingerprint]
    shown += [repr(_connect(f"{name}:m", access)) for name in ("anthropic", "openai")]
    assert KEY not in "".join(shown)
    assert access.fingerprint != Access("sk-other").fingerprint


def test_choosing_loads_no_sdk() -> None:
    code = (
        "import sys, dexter.llm.choose, dexter.llm.budgeted, dexter.llm.dayledger; "
        "sys.exit(bool({'anthropic', 'openai', 'httpx2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603  # ours
    assert done.returncode == 0
