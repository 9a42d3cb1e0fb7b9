"""The heartbeat: an address is called once, and named to nobody."""

import logging

import pytest

from pipelines.daily.heartbeat import HeartbeatError, beat
from tests.alerts.loopback import Handler, listening

PATH = "/ping/known-to-nobody"


@pytest.mark.parametrize("status", [200, 204, 404])
async def test_its_address_is_called_and_stands_in_no_log(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    called: list[str] = []

    class Address(Handler):
        def do_GET(self) -> None:  # noqa: N802 - the name http.server calls
            called.append(self.path)
            self.say(status, {}, b"")

    caplog.set_level(logging.DEBUG)
    told = ""
    with listening(Address) as base:
        try:
            await beat(base + PATH)
        except HeartbeatError as error:
            told = error.sentence
    assert called == [PATH]
    assert PATH not in caplog.text + told
    assert ("it answered 404" in told) is (status == 404)


async def test_an_address_nobody_answers_at_is_not_named(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(HeartbeatError) as raised:
        await beat(f"http://127.0.0.1:1{PATH}")
    assert PATH not in caplog.text + str(raised.value)
    assert raised.value.__cause__ is None
