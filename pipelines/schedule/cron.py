"""Lines of the user's crontab, between two marks.

Not every cron knows time zones, and a host's clock may change in summer: the line comes
every quarter of an hour, and the script it calls looks at the Indian clock. So a day
that fell is taken up again, as is one that the machine slept through.
"""

import re
from datetime import datetime
from pathlib import Path

from pipelines.schedule.refusals import TimerRefusedError, TornCrontabError
from pipelines.schedule.tool import ask, there, told
from pipelines.schedule.work import (
    BEGIN,
    DAY,
    EVERY_MINUTES,
    OUTBOX,
    Timer,
    Work,
    for_shell,
    next_begin,
)

_BEGIN, _END = "# dexter: begin", "# dexter: end"
_OURS = re.compile(rf"^{_BEGIN}\b.*?^{_END}$\n?", re.MULTILINE | re.DOTALL)
_SCRIPT = "cron.sh"
_TOOL = "crontab"
_TEXT = """\
#!/bin/sh
# Written by `dexter schedule install`; cron calls it.
cd {folder} || exit 1
umask 077
export DEXTER_HOME={home}
# As POSIX writes it: five and a half hours east, and no change of clocks.
today=$(TZ=IST-5:30 date +%F)
# A log of its own size, and the one before it.
[ "$(wc -c 2>/dev/null <{log} || echo 0)" -lt 20000000 ] || mv {log} {log}.1
exec >>{log} 2>&1
case $1 in
daily)
    [ "$(TZ=IST-5:30 date +%H%M)" -ge {begin:%H%M} ] || exit 0
    exec 9>{state}/daily.lock
    flock -n 9 || exit 0
    [ "$(cat {state}/ended 2>/dev/null)" != "$today" ] || exit 0
    code=0
    {dexter} {day} || code=$?
    case $code in
    # 3: in part, and the operator was told. Anything else is tried again.
    0 | 3) echo "$today" >{state}/ended ;;
    # It was asked to stop.
    130 | 143) ;;
    *) {dexter} alerts notice --unit daily ;;
    esac
    ;;
outbox) {dexter} {outbox} ;;
esac
"""


class Cron:
    """The crontab of a user.

    Args:
        folder: Where the script lies that its lines call.
    """

    kind = "cron"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def lacks(self) -> str | None:
        """Why it cannot be used, or none."""
        missing = [name for name in (_TOOL, "flock") if not there(name)]
        return f"{missing[0]} is not installed" if missing else None

    def planned(self, work: Work) -> dict[str, str]:
        """The script, and the lines."""
        script = self._folder / _SCRIPT
        return {str(script): _script(work), "crontab": _lines(script)}

    def install(self, work: Work) -> None:
        """Write the script, and the lines; the rest of the crontab stays.

        Raises:
            TimerRefusedError: cron refuses.
            TornCrontabError: somebody edited dexter's lines.
        """
        others = _without(_crontab())
        script = self._folder / _SCRIPT
        self._folder.mkdir(parents=True, exist_ok=True)
        work.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = script.with_name(f".{_SCRIPT}.part")
        part.write_text(_script(work), encoding="utf-8")
        part.chmod(0o700)
        part.replace(script)
        told([_TOOL, "-"], others + _lines(script))

    def remove(self) -> bool:
        """Take the lines and the script away; a day under way goes on."""
        script = self._folder / _SCRIPT
        was = script.exists()
        script.unlink(missing_ok=True)
        if not there(_TOOL):
            return was
        before = _crontab()
        after = _without(before)
        if after != before:
            told([_TOOL, "-"] if after else [_TOOL, "-r"], after)
        return was or after != before

    def timer(self, now: datetime) -> Timer | None:
        """The timer as the crontab has it."""
        if not there(_TOOL):
            return None
        before = _crontab()
        if _without(before) == before:
            return None
        script = self._folder / _SCRIPT
        if not script.exists():
            why = f"{script} is gone; install it again"
            return Timer(self.kind, active=False, next=None, reason=why)
        return Timer(self.kind, active=True, next=next_begin(now))


def _crontab() -> str:
    code, said, complaint = ask([_TOOL, "-l"])
    if code and "no crontab" not in complaint:
        raise TimerRefusedError(_TOOL, complaint.strip())
    text = "" if code else said
    return text if not text or text.endswith("\n") else f"{text}\n"


def _without(text: str) -> str:
    rest = _OURS.sub("", text)
    if _BEGIN in rest or _END in rest:
        raise TornCrontabError
    return rest


def _lines(script: Path) -> str:
    # A per cent sign ends a command of cron.
    call = for_shell(script).replace("%", "\\%")
    return (
        f"{_BEGIN} (dexter schedule writes these lines)\n"
        f"*/15 * * * * {call} daily\n"
        f"*/{EVERY_MINUTES} * * * * {call} outbox\n"
        f"{_END}\n"
    )


def _script(work: Work) -> str:
    return _TEXT.format(
        folder=for_shell(work.folder),
        home=for_shell(work.home),
        state=for_shell(work.state),
        log=for_shell(work.state / "dexter.log"),
        dexter=for_shell(work.dexter),
        day=DAY,
        outbox=OUTBOX,
        begin=BEGIN,
    )
