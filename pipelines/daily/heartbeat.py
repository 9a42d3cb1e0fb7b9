"""An address that hears of every day that ended well, so that silence is noticed."""

import httpx2

from dexter.errors import DexterError

_SECONDS = 15


class HeartbeatError(DexterError):
    """The address did not take the beat; the day itself ended well."""

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
        async with httpx2.AsyncClient(timeout=_SECONDS) as client:
            answer = await client.get(url)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        # Its words may hold the address, which is a secret of a kind.
        raise HeartbeatError(type(error).__name__) from None
    if not answer.is_success:
        why = f"it answered {answer.status_code}"
        raise HeartbeatError(why)
