"""A machine with nothing on its PATH but stand-ins for cron and systemd."""

from pathlib import Path

import pytest

CRONTAB = """#!/bin/sh
file={folder}/crontab.txt
case $1 in
-l) [ -f $file ] || {{ echo "no crontab for nobody" >&2; exit 1; }}; cat $file ;;
-r) rm $file ;;
-) cat >$file.new; {refuse}mv $file.new $file ;;
esac
"""
SYSTEMCTL = """#!/bin/sh
echo "$*" >>{folder}/systemctl.txt
case "$*" in
*show-environment*) exit {answers} ;;
*ActiveState*) echo {state} ;;
esac
"""


class Machine:
    """A PATH with nothing on it but what a test puts there, and a user's folders."""

    def __init__(self, place: Path, patch: pytest.MonkeyPatch) -> None:
        self.tools, self.user = place / "tools", place / "a user"
        self.tools.mkdir()
        self.home = self.user / "home"
        patch.setenv("PATH", str(self.tools))
        patch.setenv("HOME", str(self.user))
        patch.setenv("DEXTER_HOME", str(self.home))
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            patch.delenv(name, raising=False)

    @property
    def script(self) -> Path:
        """What cron calls."""
        return self.user / ".config" / "dexter" / "cron.sh"

    @property
    def units(self) -> Path:
        """Where the user's units lie."""
        return self.user / ".config" / "systemd" / "user"

    def has(self, name: str, text: str, **told: str) -> None:
        """Put a program on the PATH."""
        path = self.tools / name
        path.write_text(text.format(folder=self.tools, **told), "utf-8")
        path.chmod(0o755)
        for tool in ("cat", "mv", "rm"):
            if not (self.tools / tool).exists():
                (self.tools / tool).symlink_to(f"/bin/{tool}")

    def has_cron(self, *, refuse: bool = False) -> None:
        """Cron, with what it needs; one that refuses what is written, if asked."""
        no = "echo 'bad minute' >&2; exit 1; " if refuse else ""
        self.has("crontab", CRONTAB, refuse=no)
        self.has("flock", "#!/bin/sh\n")

    def has_systemd(self, *, answers: int = 0, state: str = "active") -> None:
        """A systemd of the user, or one that cannot be reached."""
        self.has("systemctl", SYSTEMCTL, answers=str(answers), state=state)

    def crontab(self) -> str:
        """The crontab as it stands."""
        path = self.tools / "crontab.txt"
        return path.read_text("utf-8") if path.exists() else ""

    def asked(self) -> list[str]:
        """What systemctl was told."""
        return (self.tools / "systemctl.txt").read_text("utf-8").splitlines()
