"""``dial``: a model on a line to its own loopback server, for each of three APIs."""

import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import ExitStack
from dataclasses import replace

import httpcore2
import pytest

from dexter.llm.heard import OnText
from dexter.llm.retry import RetryPolicy
from dexter.llm.throttle import Throttle
from tests.llm.line import APIS, Called, Dial, Waits, make, mumble
from tests.llm.loopback import Fault, Loopback, Mind

_TLS = ssl.create_default_context()


@pytest.fixture(autouse=True)
def _one_tls_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback speaks plain HTTP; reading the trust store takes 30 ms a client."""
    monkeypatch.setattr(httpcore2, "default_ssl_context", lambda **_: _TLS)


@pytest.fixture(params=APIS)
def api(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def dial(api: str) -> AsyncIterator[Dial]:
    """``dial(mind, faults, …)``: a model of the parametrised API and its server."""
    lines: list[Called] = []
    with ExitStack() as servers:

        def call(
            mind: Mind = mumble,
            faults: Iterable[Fault] = (),
            *,
            policy: RetryPolicy | None = None,
            throttle: Throttle | None = None,
            on_text: OnText | None = None,
        ) -> Called:
            server = servers.enter_context(Loopback(mind, faults))
            waits = Waits()
            patience = replace(policy or RetryPolicy(), sleep=waits)
            queue = throttle or Throttle(calls=1000)
            model = make(api, server.url, patience, queue, on_text)
            lines.append(Called(server, model, waits))
            return lines[-1]

        yield call
        for line in lines:
            await line.model.aclose()
