"""Other programs, asked and listened to."""

import shutil
import subprocess
from collections.abc import Sequence

from pipelines.schedule.refusals import TimerRefusedError

_SECONDS = 30


def there(name: str) -> bool:
    """Whether a program is here."""
    return shutil.which(name) is not None


def ask(words: Sequence[str], text: str = "") -> tuple[int, str, str]:
    """Run a program; its exit code, what it said, and what it complained of.

    Raises:
        TimerRefusedError: it is not here, or does not answer.
    """
    path = shutil.which(words[0])
    if path is None:
        raise TimerRefusedError(words[0], "it is not installed")
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            [path, *words[1:]],
            input=text,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TimerRefusedError(words[0], str(error)) from error
    return done.returncode, done.stdout, done.stderr


def told(words: Sequence[str], text: str = "") -> str:
    """Run a program that has to succeed; what it said.

    Raises:
        TimerRefusedError: it failed.
    """
    code, said, complaint = ask(words, text)
    if code:
        lines = (complaint or said).strip().splitlines()
        raise TimerRefusedError(words[0], lines[-1] if lines else "")
    return said
