"""Pictures over each wire, and the money set aside for them."""

from decimal import Decimal
from typing import cast

import pytest

from dexter.domain.briefs import PageBrief, PageImage
from dexter.errors import BlindModelError, BudgetError
from dexter.llm.budgeted import BudgetedModel
from dexter.llm.ledger import Ledger
from dexter.llm.offline import OfflineModel
from dexter.llm.pricing import Price, Prices, Rates, image_tokens, load_prices
from tests.llm.line import Dial, ask

PAGE = PageImage("image/png", 1109, 1568, "iVBORw0KGgo=")
BRIEF = PageBrief("0" * 64, 2, (PAGE, PAGE))
RATES = Rates(Decimal(3), Decimal(15), Decimal("0.30"), Decimal("3.75"))


async def test_pictures_go_before_the_prompt(api: str, dial: Dial) -> None:
    line = dial()
    await line.complete(ask("Copy it.", brief=BRIEF))
    body = line.server.asked[0].body
    sent = cast("list[dict[str, object]]", body.get("messages") or body.get("input"))
    content = next(one for one in sent if one["role"] == "user")["content"]
    url = f"data:image/png;base64,{PAGE.data}"
    source = {"type": "base64", "media_type": "image/png", "data": PAGE.data}
    picture, words = {
        "anthropic": (
            {"type": "image", "source": source},
            {"type": "text", "text": "Copy it."},
        ),
        "chat": (
            {"type": "image_url", "image_url": {"url": url, "detail": "high"}},
            {"type": "text", "text": "Copy it."},
        ),
        "responses": (
            {"type": "input_image", "image_url": url, "detail": "high"},
            {"type": "input_text", "text": "Copy it."},
        ),
    }[api]
    assert content == [picture, picture, words]


async def test_without_pictures_the_prompt_is_plain_text(dial: Dial) -> None:
    line = dial()
    await line.complete(ask("How was it?"))
    body = line.server.asked[0].body
    sent = cast("list[dict[str, object]]", body.get("messages") or body.get("input"))
    assert next(o for o in sent if o["role"] == "user")["content"] == "How was it?"


def test_a_picture_is_priced_above_every_provider_s_count() -> None:
    tokens = image_tokens(ask(brief=BRIEF))
    one = tokens / 2
    assert one >= 1109 * 1568 / 750  # by area
    assert one >= 35 * 49 * 2.46  # by 32-pixel patches, at the dearest factor
    assert one >= 85 + 170 * 2 * 4  # by 512-pixel tiles
    price = Price(RATES)
    more = price.worst(ask(brief=BRIEF)) - price.worst(ask())
    assert more == RATES.cache_write * tokens / 1_000_000


async def test_a_picture_over_the_budget_is_not_sent(dial: Dial) -> None:
    line = dial()
    prices = Prices({"claude-test": Price(RATES), "gpt-t": Price(RATES)}, DAY)
    plain, shown = ask(), ask(brief=BRIEF)
    ceiling = Price(RATES).worst(plain)
    model = BudgetedModel(line.model, Ledger(ceiling), prices)
    with pytest.raises(BudgetError):
        await model.complete(shown)
    assert line.calls == 0
    await model.complete(plain)
    assert line.calls == 1


DAY = load_prices().written


async def test_the_offline_model_says_that_it_is_blind() -> None:
    with pytest.raises(BlindModelError, match="cannot look at pictures"):
        await OfflineModel().complete(ask(brief=BRIEF))
