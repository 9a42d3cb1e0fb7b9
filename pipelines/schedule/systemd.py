"""Timers of the user's own systemd, by the units the system gets as well."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pipelines.schedule.tool import ask, there, told
from pipelines.schedule.work import Timer, Work, next_begin

_HERE = Path(__file__).resolve().parent
_UNITS = (
    "dexter-daily.service",
    "dexter-daily.timer",
    "dexter-outbox.service",
    "dexter-outbox.timer",
)
_TIMERS = tuple(name for name in _UNITS if name.endswith(".timer"))
_MANNERS = "dexter-.service.d/00-manners.conf"
_SYSTEMS_DEXTER = "/opt/dexter/current/venv/bin/dexter"
_SERVICE = "[Service]\n"
_USER = ("systemctl", "--user")
_WRITTEN = "# Written by `dexter schedule install`."


class Systemd:
    """Timers of a user's systemd.

    Args:
        folder: Where its units lie.
    """

    kind = "systemd"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def lacks(self) -> str | None:
        """Why it cannot be used, or none."""
        if not there("systemctl"):
            return "systemctl is not installed"
        code, _, complaint = ask([*_USER, "show-environment"])
        return None if code == 0 else complaint.strip() or "it does not answer"

    def planned(self, work: Work) -> dict[str, str]:
        """The unit files."""
        return {str(self._folder / name): text for name, text in _units(work)}

    def install(self, work: Work) -> None:
        """Write the units, and start the timers.

        Raises:
            TimerRefusedError: systemd refuses.
        """
        for name, text in self.planned(work).items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f".{path.name}.part")
            part.write_text(text, encoding="utf-8")
            part.replace(path)
        told([*_USER, "daemon-reload"])
        told([*_USER, "enable", "--now", *_TIMERS])

    def remove(self) -> bool:
        """Stop the timers and take the units away; a day under way goes on."""
        ours = [self._folder / name for name in _UNITS]
        if not any(path.exists() for path in ours):
            return False
        if there("systemctl"):
            ask([*_USER, "disable", "--now", *_TIMERS])
        for path in ours:
            path.unlink(missing_ok=True)
        if there("systemctl"):
            ask([*_USER, "daemon-reload"])
        return True

    def timer(self, now: datetime) -> Timer | None:
        """The timer of the day as systemd says it stands."""
        if not (self._folder / _TIMERS[0]).exists():
            return None
        if self.lacks() is not None:
            return Timer(self.kind, active=False, next=None, reason=self.lacks())
        question = ["show", _TIMERS[0], "--property=ActiveState", "--value"]
        state = ask([*_USER, *question])[1].strip()
        if state != "active":
            why = f"the timer is {state or 'not known'}; install it again"
            return Timer(self.kind, active=False, next=None, reason=why)
        return Timer(self.kind, active=True, next=next_begin(now), reason=_lingers())


def _units(work: Work) -> Iterator[tuple[str, str]]:
    """The system's units, with this user's command, home and folder in them."""
    folder = _shipped()
    manners = (folder / _MANNERS).read_text("utf-8").partition(_SERVICE)[2]
    own = (
        f"WorkingDirectory={_plain(work.folder)}\n"
        f"Environment={_quoted(f'DEXTER_HOME={work.home}')}\n"
    )
    # systemd takes no odd signs in the name of a program, so env finds it.
    dexter = f"/usr/bin/env {_quoted(str(work.dexter)).replace('$', '$$')}"
    for name in _UNITS:
        text = (folder / name).read_text("utf-8").replace(_SYSTEMS_DEXTER, dexter)
        filled = text.replace(_SERVICE, f"{_SERVICE}{own}{manners}")
        yield name, f"{_WRITTEN}\n{filled}"


def _shipped() -> Path:
    """Where the units lie: in a checkout, or beside this file once it is installed."""
    checkout = _HERE.parents[1] / "deploy" / "systemd"
    return checkout if checkout.is_dir() else _HERE / "units"


def _plain(path: Path) -> str:
    """A path where systemd takes the whole line for one, but for its specifiers."""
    return str(path).replace("%", "%%")


def _quoted(text: str) -> str:
    """One word of a unit file."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def _lingers() -> str | None:
    """Without lingering a user's timers stop when the user leaves."""
    if not there("loginctl"):
        return None
    code, said, _ = ask(["loginctl", "show-user", "--property=Linger", "--value"])
    if code or said.strip() != "no":
        return None
    return "it stops when you log out, unless you say: loginctl enable-linger"
