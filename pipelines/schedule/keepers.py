"""Which timer is used here."""

from pathlib import Path

from platformdirs import user_config_path

from pipelines.schedule.cron import Cron
from pipelines.schedule.refusals import NoTimerError, UnknownTimerError
from pipelines.schedule.systemd import Systemd
from pipelines.schedule.work import Keeper

_UNITS = Path("systemd") / "user"


def keepers() -> tuple[Systemd, Cron]:
    """Both kinds, the better first."""
    config = user_config_path()
    return Systemd(config / _UNITS), Cron(config / "dexter")


def chosen(kind: str) -> Keeper:
    """The kind that was asked for, else the first that is here.

    Raises:
        UnknownTimerError: the kind asked for is none, or cannot be used here.
        NoTimerError: none is here.
    """
    for keeper in keepers():
        if kind not in {"", keeper.kind}:
            continue
        lacks = keeper.lacks()
        if lacks is None:
            return keeper
        if kind:
            raise UnknownTimerError.absent(kind, lacks)
    if kind:
        raise UnknownTimerError.of(kind)
    raise NoTimerError
