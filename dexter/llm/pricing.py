"""What tokens cost, by a table anybody may edit; no row in it means no known price."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from dexter.domain.conversation import ModelRequest, TokenUsage
from dexter.errors import SettingError
from dexter.llm.wire import dumped

_MILLION = Decimal(1_000_000)
# English runs at four bytes a token, figures and JSON nearer two: the pessimist's two.
_BYTES_PER_TOKEN = 2
# Providers add words of their own: for roles, for tools, for structured output.
_ADDED_TOKENS = 500
# Providers count squares of 28 or 32 pixels of a picture, some with a factor to 2.46.
_IMAGE_SQUARE = 28
_TOKENS_PER_SQUARE = Decimal("2.5")
_DATED = re.compile(r"^(?:-latest|-\d{8}|-\d{4}-\d{2}-\d{2})?$")


@dataclass(frozen=True, slots=True)
class Rates:
    """USD per million tokens; ``input`` is for tokens neither read nor written."""

    input: Decimal
    output: Decimal
    cache_read: Decimal
    cache_write: Decimal

    def cost(self, usage: TokenUsage) -> Decimal:
        """USD for some tokens."""
        cached = usage.cached_input_tokens + usage.cache_write_tokens
        fresh = max(0, usage.input_tokens - cached)
        total = (
            fresh * self.input
            + usage.cached_input_tokens * self.cache_read
            + usage.cache_write_tokens * self.cache_write
            + usage.output_tokens * self.output
        )
        return total / _MILLION


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a model.

    Attributes:
        rates: For prompts up to ``long_above`` tokens, or any length without it.
        long_rates: For longer prompts; they hold for the whole request.
        long_above: Prompt tokens, cached ones included, where they begin.
        checked: When an operator last compared the row with the provider's own page;
            none when nobody has.
    """

    rates: Rates
    long_rates: Rates | None = None
    long_above: int | None = None
    checked: date | None = None

    def cost(self, usage: TokenUsage) -> Decimal:
        """USD for one call's tokens."""
        if self.long_rates is None or self.long_above is None:
            return self.rates.cost(usage)
        long = usage.input_tokens > self.long_above
        return (self.long_rates if long else self.rates).cost(usage)

    def worst(self, request: ModelRequest) -> Decimal:
        """The most one try may cost: all input newly cached, all output used."""
        words = request_bytes(request) // _BYTES_PER_TOKEN
        tokens = words + image_tokens(request) + _ADDED_TOKENS
        most = request.max_output_tokens
        plain = TokenUsage(input_tokens=tokens, output_tokens=most)
        written = TokenUsage(tokens, most, cache_write_tokens=tokens)
        return max(self.cost(plain), self.cost(written))


def image_tokens(request: ModelRequest) -> int:
    """The most tokens a request's pictures come to at any provider priced here."""
    squares = sum(
        -(-image.width // _IMAGE_SQUARE) * -(-image.height // _IMAGE_SQUARE)
        for image in request.images
    )
    return int(squares * _TOKENS_PER_SQUARE)


def request_bytes(request: ModelRequest) -> int:
    """UTF-8 bytes of all the words a request sends, in either wire's rough shape."""
    said = [
        request.system,
        request.prompt,
        dumped(dict(request.output_schema or {})),
        *(
            f"{one.name}{one.description}{dumped(dict(one.schema))}"
            for one in request.tools
        ),
    ]
    for turn in request.history:
        said += [turn.text, turn.reply_to_model or "", turn.echo]
        said += [
            f"{call.id}{call.name}{call.raw or dumped(dict(call.arguments or {}))}"
            for call in turn.calls
        ]
        said += [f"{reply.call_id}{reply.content}" for reply in turn.replies]
    return sum(len(part.encode()) for part in said)


class _RatesRow(BaseModel):
    model_config = ConfigDict(extra="forbid")
    input: Decimal
    output: Decimal
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None

    def rates(self) -> Rates:
        # Without a rate of their own, cached tokens cost what fresh ones do.
        read = self.input if self.cache_read is None else self.cache_read
        write = self.input if self.cache_write is None else self.cache_write
        return Rates(self.input, self.output, read, write)


class _LongRow(_RatesRow):
    above: int


class _Row(_RatesRow):
    checked: date | None = None
    long: _LongRow | None = None


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid")
    note: str = ""
    written: date
    models: dict[str, _Row]


class Prices:
    """Prices by model name.

    Args:
        rows: Price by the provider's name of the model.
        written: The date the table was written.
    """

    def __init__(self, rows: Mapping[str, Price], written: date) -> None:
        self._rows = dict(rows)
        self.written = written

    def of(self, model: str) -> Price | None:
        """The price of ``NAME`` or ``provider:NAME``; none when nobody wrote one.

        A row also covers its model's dated and ``-latest`` names, and no other: a
        ``-mini`` or ``-pro`` costs something else.
        """
        name = model.partition(":")[2] or model
        for row in sorted(self._rows, key=len, reverse=True):
            if name.startswith(row) and _DATED.match(name[len(row) :]):
                return self._rows[row]
        return None

    def with_rows(self, rows: Mapping[str, Price]) -> "Prices":
        """These prices with the operator's own in front."""
        return Prices({**self._rows, **rows}, self.written)


def load_prices(path: Path | None = None) -> Prices:
    """The table that ships with dexter, or one from a file in the same form.

    Raises:
        SettingError: The file is missing or not in that form.
    """
    try:
        if path is None:
            text = (files("dexter.llm") / "prices.json").read_text("utf-8")
        else:
            text = path.read_text("utf-8")
        table = _Table.model_validate(json.loads(text))
    except (OSError, ValueError, ValidationError) as wrong:
        where = path or "dexter/llm/prices.json"
        sentence = f"The price table {where} cannot be used: {_short(wrong)}."
        raise SettingError(
            sentence, "Keep the form of the table dexter ships."
        ) from None
    return Prices({n: _price(row) for n, row in table.models.items()}, table.written)


def _price(row: _Row) -> Price:
    long = row.long
    return Price(
        rates=row.rates(),
        long_rates=long.rates() if long else None,
        long_above=long.above if long else None,
        checked=row.checked,
    )


def _short(wrong: Exception) -> str:
    if isinstance(wrong, ValidationError):
        first = wrong.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        return f"{where}: {first['msg']}"
    return str(wrong)
