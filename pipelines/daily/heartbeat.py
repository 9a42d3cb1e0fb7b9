"""An address that hears of every run that came to its end: silence is noticed."""

import httpx2

from dexter.alerts.discretion import WIRES, silenced
from dexter.errors import DexterError

_SECONDS = 15


class HeartbeatError(DexterError):
    """The address did not take the beat; the run itself came to its end."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The heartbeat was not taken: {why}.",
            "Look at [heartbeat] in dexter.toml; `dexter config check` reads it.",
        )


async def beat(url: str) -> None:
    """Call an address with GET.

    Raises:
        HeartbeatError: it does not answer, or answers with an error.
    """
    try:
        # Whoever knows the address can speak for this home: no log, no error names it.
        with silenced(*WIRES):
            async with httpx2.AsyncClient(timeout=_SECONDS) as client:
                answer = await client.get(url)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise HeartbeatError(type(error).__name__) from None
    if not answer.is_success:
        why = f"it answered {answer.status_code}"
        raise HeartbeatError(why)
