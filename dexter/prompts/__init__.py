"""Prompt templates: Markdown with <<names>>, rendered strictly, known by their hash."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent
_NAME = re.compile(r"<<(\w+)>>")
_DIVIDER = "\n=== prompt ===\n"


@dataclass(frozen=True, slots=True)
class Template:
    """A system text and a prompt with <<names>>; ``sha256`` is of the whole file."""

    name: str
    system: str
    prompt: str
    sha256: str

    def render(self, values: Mapping[str, str]) -> str:
        """The prompt with every name filled.

        Raises:
            KeyError: a name without a value, or a value without a name.
        """
        wanted = set(_NAME.findall(self.prompt))
        if wanted != set(values):
            odd = ", ".join(sorted(wanted ^ set(values)))
            msg = f"prompt {self.name}: {odd} are asked for or given, not both"
            raise KeyError(msg)
        return _NAME.sub(lambda found: values[found.group(1)], self.prompt)


@lru_cache(maxsize=16)
def template(name: str) -> Template:
    """A template by name, read once."""
    text = (_FOLDER / f"{name}.md").read_text(encoding="utf-8")
    system, _, prompt = text.partition(_DIVIDER)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Template(name, system.strip(), prompt.strip(), sha256)
