"""What goes wrong at a provider, how often it is asked again, and what people read."""

import asyncio
import traceback

import pytest

from dexter.domain.conversation import TokenUsage
from dexter.errors import (
    ModelBusyError,
    ModelError,
    ModelKeyError,
    ModelRequestError,
    ModelUnreachableError,
)
from dexter.llm.faults import retry_after
from dexter.llm.retry import RetryPolicy
from tests.llm.line import KEY, Dial
from tests.llm.loopback import (
    BAD_GATEWAY,
    BROKEN_SERVER,
    NO_QUOTA,
    OVERLOADED,
    Broken,
    Fault,
    Refused,
    busy,
)
from tests.llm.wires import Reply

PASSING = [
    busy(),
    OVERLOADED,
    BROKEN_SERVER,
    BAD_GATEWAY,
    Refused(408),
    Refused(409),
    Refused(503),
    Broken("cut"),
    Broken("cut", after=0),
    Broken("dropped"),
    Broken("torn"),
    Broken("error"),
]


def _name(fault: Fault) -> str:
    if isinstance(fault, Refused):
        return str(fault.status)
    return f"{fault.how}{fault.after}" if isinstance(fault, Broken) else "none"


@pytest.mark.parametrize("fault", PASSING, ids=_name)
async def test_what_passes_is_tried_again(dial: Dial, fault: Fault) -> None:
    line = dial(faults=[fault, fault])
    reply = await line.complete()
    assert reply.text == "Revenue rose on the year. Margins held."
    assert (line.calls, reply.tries, len(line.waits.seconds)) == (3, 3, 2)


@pytest.mark.parametrize("fault", PASSING, ids=_name)
async def test_what_does_not_pass_ends_after_the_last_try(
    dial: Dial, fault: Fault
) -> None:
    line = dial(faults=[fault] * 9, policy=RetryPolicy(tries=3))
    with pytest.raises((ModelBusyError, ModelUnreachableError), match="3 tries"):
        await line.complete()
    assert line.calls == 3


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Refused(400, "invalid_request_error", "no such field"), ModelRequestError),
        (Refused(401, "authentication_error"), ModelKeyError),
        (Refused(402, "billing_error"), ModelRequestError),
        (Refused(403, "permission_error"), ModelKeyError),
        (Refused(404, "not_found_error", "model: claude-x"), ModelRequestError),
        (Refused(413, "request_too_large"), ModelRequestError),
        (Refused(422, "invalid_request_error"), ModelRequestError),
        (NO_QUOTA, ModelRequestError),
    ],
    ids=lambda value: value.kind if isinstance(value, Refused) else "",
)
async def test_what_cannot_pass_is_never_tried_again(
    dial: Dial, fault: Refused, error: type[ModelError]
) -> None:
    line = dial(faults=[fault] * 9)
    with pytest.raises(error):
        await line.complete()
    assert (line.calls, line.waits.seconds) == (1, [])


async def test_the_providers_own_words_reach_the_person(dial: Dial) -> None:
    fault = Refused(400, "invalid_request_error", "max_tokens: too large.")
    with pytest.raises(ModelRequestError, match=r"HTTP 400.*max_tokens: too large\.$"):
        await dial(faults=[fault]).complete()


async def test_html_never_reaches_the_person(dial: Dial) -> None:
    line = dial(faults=[BAD_GATEWAY] * 4)
    with pytest.raises(ModelUnreachableError) as caught:
        await line.complete()
    assert "HTTP 502" in caught.value.sentence
    assert "<" not in caught.value.sentence


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (busy("2"), 2.0),
        (busy(milliseconds="250"), 0.25),
        (busy("7", milliseconds="1500"), 1.5),
        (busy("60"), 60.0),
        (busy("0"), 0.0),
    ],
    ids=["seconds", "milliseconds", "both", "at the cap", "zero"],
)
async def test_retry_after_is_obeyed(dial: Dial, fault: Fault, seconds: float) -> None:
    line = dial(faults=[fault])
    await line.complete()
    assert line.waits.seconds == [seconds]


@pytest.mark.parametrize(
    ("after", "seconds"),
    [
        ("Wed, 01 Jul 2026 10:00:30 GMT", 30.0),
        ("Wed, 01 Jul 2026 09:00:00 GMT", 0.0),
        ("next Wednesday", None),
    ],
)
def test_a_date_is_read_against_the_responses_own_clock(
    after: str, seconds: float | None
) -> None:
    date = "Wed, 01 Jul 2026 10:00:00 GMT"
    assert retry_after({"retry-after": after, "date": date}) == seconds
    assert retry_after({"retry-after": after}) is None


@pytest.mark.parametrize("asked", ["61", "3600", "inf"])
async def test_a_retry_after_over_the_cap_gives_up_at_once(
    dial: Dial, asked: str
) -> None:
    line = dial(faults=[busy(asked)] * 3)
    with pytest.raises(ModelBusyError, match=r"asks to wait .* over the 60 allowed"):
        await line.complete()
    assert (line.calls, line.waits.seconds) == (1, [])


@pytest.mark.parametrize("asked", ["soon", "nan", "-5", ""])
async def test_a_senseless_retry_after_falls_back_to_the_policy(
    dial: Dial, asked: str
) -> None:
    line = dial(faults=[busy(asked)])
    await line.complete()
    assert 0 < line.waits.seconds[0] < 3


async def test_waits_grow_and_stop_at_the_total(dial: Dial) -> None:
    patience = RetryPolicy(tries=50, total_seconds=100.0, longest_wait=60.0)
    line = dial(faults=[busy("40")] * 50, policy=patience)
    with pytest.raises(ModelBusyError):
        await line.complete()
    assert line.waits.seconds == [40.0, 40.0]
    growing = dial(faults=[OVERLOADED] * 3)
    await growing.complete()
    first, second, third = growing.waits.seconds
    assert first < second + 1 < third + 2
    assert third >= 2.0


async def test_a_slow_answer_ends_at_the_limit_of_a_try(dial: Dial) -> None:
    patience = RetryPolicy(tries=2, try_seconds=0.15)
    line = dial(faults=[Broken("slow")] * 2, policy=patience)
    with pytest.raises(ModelUnreachableError, match=r"within 0\.15 seconds"):
        await line.complete()
    assert line.calls == 2


async def test_silence_inside_an_answer_ends_at_its_limit(dial: Dial) -> None:
    patience = RetryPolicy(tries=2, quiet_seconds=0.15)
    line = dial(faults=[Broken("slow")] * 2, policy=patience)
    with pytest.raises(ModelUnreachableError, match="ReadTimeout"):
        await line.complete()
    assert line.calls == 2


async def test_a_cancelled_call_is_not_tried_again(dial: Dial) -> None:
    line = dial(faults=[Broken("slow")] * 4)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.15):
            await line.complete()
    assert line.calls == 1


async def test_nobody_listening_is_said_so(dial: Dial) -> None:
    line = dial()
    line.server.stop()
    with pytest.raises(ModelUnreachableError, match="could not be reached"):
        await line.complete()


async def test_usage_counts_every_try_the_provider_reported(
    dial: Dial, api: str
) -> None:
    once = (await dial().complete()).usage
    line = dial(faults=[Broken("cut", after=4)])
    twice = (await line.complete()).usage
    # OpenAI tells usage at the end only; Anthropic counts the input at the start.
    cut = once.input_tokens if api == "anthropic" else 0
    assert twice.input_tokens == once.input_tokens + cut


async def test_usage_nobody_reported_is_none_of_the_adapters_invention(
    dial: Dial,
) -> None:
    line = dial(lambda _: Reply("Yes.", usage=False))
    assert (await line.complete()).usage == TokenUsage()


@pytest.mark.parametrize(
    "fault",
    [
        Refused(401, "authentication_error", f"Incorrect API key provided: {KEY}."),
        Refused(400, "invalid_request_error", f"bad header Bearer {KEY}"),
        Refused(429, "insufficient_quota", f"key {KEY} is over its quota"),
        Refused(500, "api_error", f"cannot check {KEY}"),
    ],
    ids=["401", "400", "429", "500"],
)
async def test_the_key_never_shows(dial: Dial, fault: Refused) -> None:
    line = dial(faults=[fault] * 4)
    with pytest.raises(ModelError) as caught:
        await line.complete()
    error = caught.value
    assert KEY in str(line.server.asked[0].headers)  # it did go over the wire
    assert KEY not in "".join(traceback.format_exception(error))
    assert KEY not in f"{error!r}{error.hint}{line.model!r}{vars(error)}"
    assert error.__cause__ is None
    assert error.__context__ is None
