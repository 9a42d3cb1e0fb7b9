"""Headlines in batches, and what a model makes of one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dexter.agents.tone_reader import read_tones
from dexter.domain.briefs import ToneBrief
from dexter.domain.filing import Headline
from dexter.errors import ModelError, ModelKeyError
from dexter.extraction.guard import instructions
from dexter.ports import Clock, LanguageModel

BATCH = 50
LONGEST = 1_000
"""Characters of a headline that a model is shown."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Headlines read together, each (digest, text as shown).

    One with ``orders`` in it, sentences that address an AI, is a batch of its own: the
    worst it can spoil is its own tone.
    """

    number: int
    texts: tuple[tuple[str, str], ...]
    orders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch came to: tones by digest and when they were read, or why none."""

    number: int
    tones: Mapping[str, float]
    read_at: datetime | None
    reason: str | None = None


def batches(headlines: Iterable[Headline]) -> tuple[Batch, ...]:
    """Headlines in the order given, some at a time; those that give orders last."""
    plain: list[tuple[str, str]] = []
    odd: list[tuple[tuple[str, str], tuple[str, ...]]] = []
    for one in headlines:
        shown = one.said_digest, one.said[:LONGEST]
        orders = instructions.find([one.said])
        if orders:
            odd.append((shown, orders))
        else:
            plain.append(shown)
    parts = [tuple(plain[at : at + BATCH]) for at in range(0, len(plain), BATCH)]
    return (
        *(Batch(number, texts) for number, texts in enumerate(parts, 1)),
        *(
            Batch(number, (shown,), orders)
            for number, (shown, orders) in enumerate(odd, len(parts) + 1)
        ),
    )


async def read_batch(batch: Batch, model: LanguageModel, clock: Clock) -> Outcome:
    """Tones of a batch; one without a usable answer stays unread and says why.

    Raises:
        ModelKeyError: the provider wants another key.
        BudgetError: asking could pass a ceiling.
    """
    names = {f"h{place}": digest for place, (digest, _) in enumerate(batch.texts, 1)}
    shown = zip(names, (text for _, text in batch.texts), strict=True)
    try:
        given = await read_tones(model, ToneBrief(tuple(shown)))
    except ModelKeyError:
        raise
    except ModelError as error:
        return Outcome(batch.number, {}, None, error.sentence)
    tones = {digest: given[name] for name, digest in names.items()}
    return Outcome(batch.number, tones, await clock.now())
