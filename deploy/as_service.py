# ruff: noqa: INP001 - a script, copied where it is needed
"""``as_service.py ENVFILE HOME COMMAND…``: it sees what the service would see."""

import os
import sys


def variables(text: str) -> dict[str, str]:
    """NAME=VALUE lines as systemd reads them: nothing is expanded or run."""
    found = {}
    for line in text.splitlines():
        name, equals, value = line.strip().partition("=")
        if not equals or name.startswith(("#", ";")):
            continue
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        found[name.strip()] = value
    return found


def main(env_file: str, home: str, command: list[str]) -> None:
    """Become the command."""
    cache = os.path.dirname(home) + "/cache"  # noqa: PTH120 - pathlib starts slowly
    told = {
        "DEXTER_HOME": home,
        "HOME": os.path.dirname(home),  # noqa: PTH120 - as above
        "XDG_CACHE_HOME": cache,
        "MPLCONFIGDIR": f"{cache}/matplotlib",
        "NUMBA_CACHE_DIR": f"{cache}/numba",
    }
    if os.path.exists(env_file):  # noqa: PTH110 - as above
        with open(env_file, encoding="utf-8") as file:  # noqa: PTH123 - as above
            told |= variables(file.read())
    # Away from any folder whose file .env would be read as well.
    os.chdir("/")
    seen = {**os.environ, **told}  # noqa: TID251 - handed on, not read
    os.execvpe(command[0], command, seen)  # noqa: S606 - what was asked for


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
