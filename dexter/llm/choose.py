"""Which model: from the text of ``--model`` to an adapter. Loads no SDK by itself."""

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum

from dexter.errors import ModelKeyError, SettingError
from dexter.llm.heard import OnText
from dexter.llm.retry import RetryPolicy
from dexter.llm.throttle import Throttle
from dexter.llm.toll import TolledModel

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@\[\]-]*")
_FORMS = "Use offline, anthropic:NAME or openai:NAME."
# Local servers ask for no key, but the SDK will not start without one.
_NO_KEY_NEEDED = "none"


class ProviderName(StrEnum):
    """Who answers."""

    OFFLINE = "offline"
    ANTHROPIC = "anthropic"
    OPENAI = "openai"


_SHOWN = {
    ProviderName.ANTHROPIC: ("Anthropic", "ANTHROPIC_API_KEY"),
    ProviderName.OPENAI: ("OpenAI", "OPENAI_API_KEY"),
}


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A provider and its name of a model; the name is empty for offline."""

    provider: ProviderName
    name: str = ""

    def __str__(self) -> str:
        return f"{self.provider}:{self.name}" if self.name else str(self.provider)


@dataclass(frozen=True, slots=True)
class Access:
    """How to get in: a key and, where it is not the provider's own, an address."""

    api_key: str | None = field(default=None, repr=False)
    base_url: str | None = None

    @property
    def fingerprint(self) -> str:
        """A name for the key in the ledger; the key cannot be read from it."""
        digest = hashlib.sha256(f"dexter:{self.api_key or ''}".encode()).hexdigest()
        return f"key-{digest[:12]}"


def parse_model(spec: str) -> ModelChoice:
    """The choice a piece of text makes.

    Raises:
        SettingError: It is none of the accepted forms.
    """
    provider, colon, name = spec.strip().partition(":")
    if provider == ProviderName.OFFLINE and not colon:
        return ModelChoice(ProviderName.OFFLINE)
    known = {one.value: one for one in _SHOWN}
    if provider not in known or not _NAME.fullmatch(name):
        sentence = f"{spec.strip()[:60]!r} is not a model dexter can use."
        raise SettingError(sentence, _FORMS)
    return ModelChoice(known[provider], name)


def connect(
    choice: ModelChoice,
    access: Access,
    policy: RetryPolicy,
    throttle: Throttle,
    on_text: OnText | None = None,
) -> TolledModel:
    """The adapter of a provider's model.

    Raises:
        ModelKeyError: No key; it names the variable. A server of one's own, by an
            OpenAI base URL, needs none.
        ValueError: For the offline model, which is not reached over a wire.
    """
    if choice.provider is ProviderName.OFFLINE:
        raise ValueError(choice.provider.value)
    key = (access.api_key or "").strip()
    if not key and choice.provider is ProviderName.OPENAI and access.base_url:
        key = _NO_KEY_NEEDED
    if not key:
        raise ModelKeyError(*_SHOWN[choice.provider])
    where = access.base_url
    if choice.provider is ProviderName.ANTHROPIC:
        # Only now: an SDK takes seconds to import.
        from dexter.llm.anthropic import AnthropicModel  # noqa: PLC0415

        return AnthropicModel(choice.name, key, where, policy, throttle, on_text)
    from dexter.llm.openai import OpenAIModel  # noqa: PLC0415  # as above

    return OpenAIModel(choice.name, key, where, policy, throttle, on_text)
