# ruff: noqa: INP001 - a script, copied where it is needed
"""``as_service.py ROOT HOME COMMAND…``: it sees what the service would see.

The service's folders below ROOT, its secrets and settings, its mask for new files; of
the caller's environment only what its terminal is. The home is always the one given.
"""

import os
import re
import sys

# As systemd's own reader goes through an EnvironmentFile=.
_ENTRY = re.compile(
    r"""
    [ \t\n\r]*
    (?:
        [#;] [^\n\r]*
      | (?P<name> [^ \t\n\r] [^=\n\r]*? ) [ \t]* =
        (?P<quoted> (?: [ \t]* (?: '[^']*'? | "(?: \\.? | [^"\\] )* "? ) )* )
        [ \t]*
        (?P<bare> (?: [ \t]* (?: \\.? | [^\\ \t\n\r] ) )* )
        [^\n\r]*
      | [^\n\r]+
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_QUOTED = re.compile(r"""'([^']*)'?|"((?:\\.?|[^"\\])*)"?""", re.DOTALL)
_ESCAPED = re.compile(r"\\(.?)", re.DOTALL)
_TERMINAL = {"PATH", "TERM", "COLORTERM", "NO_COLOR", "COLUMNS", "LINES", "LANG"}


def variables(text: str) -> dict[str, str]:
    """NAME=VALUE lines as systemd reads them: nothing is expanded or run."""
    found = {}
    for entry in _ENTRY.finditer(text):
        name = entry["name"]
        if name and name.isascii() and name.isidentifier():
            bare = _ESCAPED.sub(_after_backslash, entry["bare"])
            found[name] = _quoted(entry["quoted"]) + bare
    return found


def _quoted(text: str) -> str:
    pieces = (one.groups(default="") for one in _QUOTED.finditer(text))
    return "".join(
        single + _ESCAPED.sub(_after_backslash_in_quotes, double)
        for single, double in pieces
    )


def _after_backslash(found: re.Match[str]) -> str:
    return found[1].strip("\n\r")


def _after_backslash_in_quotes(found: re.Match[str]) -> str:
    if found[1] in '"\\`$':
        return found[1]
    return "" if found[1] == "\n" else found[0]


def environment(root: str, home: str, secrets: str) -> dict[str, str]:
    """What the service is told: its folders as its units name them, its secrets."""
    cache = f"{root}/var/cache/dexter"
    return {
        "HOME": f"{root}/var/lib/dexter",
        "XDG_CACHE_HOME": cache,
        "MPLCONFIGDIR": f"{cache}/matplotlib",
        "NUMBA_CACHE_DIR": f"{cache}/numba",
        **variables(secrets),
        # Whatever the secrets say: a rehearsal must not reach the home itself.
        "DEXTER_HOME": home,
    }


def main(root: str, home: str, command: list[str]) -> None:
    """Become the command."""
    env_file, secrets = f"{root}/etc/dexter/dexter.env", ""
    if os.path.exists(env_file):  # noqa: PTH110 - pathlib starts slowly
        with open(env_file, encoding="utf-8", newline="") as file:  # noqa: PTH123 - as above
            secrets = file.read()
    kept = {
        name: value
        for name, value in os.environ.items()  # noqa: TID251 - handed on, not read
        if name in _TERMINAL or name.startswith("LC_")
    }
    seen = kept | environment(root, home, secrets)
    os.umask(0o077)
    # As the units do; a relative name of a file is one the service can write.
    os.chdir(f"{root}/var/lib/dexter")
    os.execvpe(command[0], command, seen)  # noqa: S606 - what was asked for


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
