"""Direction words against the figures they stand beside: "rose", "fell", "beat"."""

import re
from collections.abc import Iterator
from decimal import Decimal

from dexter.domain.evidence import Measure
from dexter.orchestrator import pairs
from dexter.orchestrator.measures import LOSS_NOUN, Noun, noun_before, nouns
from dexter.orchestrator.moves import AMOUNT_ADJECTIVE, DIRECTION, NEGATION, PASSIVE
from dexter.orchestrator.references import Cited, Wording
from dexter.orchestrator.signs import (
    CHANGES,
    GROWTH_OF,
    expected_sign,
    is_signed,
    plain_of,
    sign,
)

_REACH = 24
_FLAT = Decimal("0.005")
_DIRECT = re.compile(
    r"(?:\s+(?:by|of|in|some|about|around|nearly|almost|roughly|over|a|an|the|further"
    r"|another|just|sharply|strongly|steeply|modestly|slightly|markedly))*\s*"
)
_BY = re.compile(r"\s+by(?: (?:some|about|around|nearly|almost|a|an))*\s+")
_TO = re.compile(r"\b(?:to|reached|reaching|hit)\s*$", re.IGNORECASE)
_RATE = re.compile(
    r"\b(?:growth|rate|change|increase|decrease|decline)\b", re.IGNORECASE
)


def contradictions(wording: Wording) -> Iterator[str]:
    """Direction words that their figures contradict or do not support."""
    plain = plain_of(wording)
    for span in wording.clauses:
        for word in DIRECTION.finditer(plain, *span):
            problem = _judge(word, span, plain, wording)
            if problem:
                yield f"“{word.group(0)}” {problem}"
    for value in wording.values:
        problem = _level(wording, value)
        if problem:
            yield f"{value.text} {problem}"
    yield from pairs.backwards(wording)


def _judge(
    word: re.Match[str], span: tuple[int, int], plain: str, wording: Wording
) -> str:
    """What is wrong with one direction word; empty when its figures bear it out."""
    said = plain[max(0, word.start() - _REACH) : word.start()]
    if NEGATION.search(said):
        return "is negated or supposed, which cannot be checked; say what did happen"
    if PASSIVE.match(plain, word.start()):
        return "is passive; say which figure does what to which"
    if word["loss"] or word["profit"]:
        return _result(word, span, wording)
    return _changed(word, span, plain, wording)


def _changed(
    word: re.Match[str], span: tuple[int, int], plain: str, wording: Wording
) -> str:
    """A motion or a comparison, against the figures that show it."""
    noun = _subject(word, span, wording)
    inside = wording.inside(span)
    if word["flat"]:
        return _flat(inside or wording.values, noun)
    if word["over"] or word["under"]:
        verdict = _compared(word, span, wording)
        if verdict is not None:
            return verdict
    elif _to_level(word, inside, plain):
        return "needs the change behind it, not a level; a level needs “to” or “at”"
    return _moved(word, noun, inside, wording)


def _moved(
    word: re.Match[str], noun: Noun | None, inside: tuple[Cited, ...], wording: Wording
) -> str:
    """The changes of the clause decide; without any, two values of one measure there.

    Then the nearest change of the sentence, then two values anywhere in it.
    """
    changes = [v for v in inside if is_signed(v)]
    fitting = [v for v in changes if noun is None or _speaks_of(noun, v)]
    if changes and not fitting and noun is not None:
        return f"speaks of “{noun.text}”, but {changes[0].text} is not its change"
    everywhere = [
        v
        for v in sorted(wording.values, key=lambda v: abs(v.start - word.start()))
        if is_signed(v) and (noun is None or _speaks_of(noun, v))
    ]
    for verdict in (
        _by_changes(word, noun, fitting),
        _by_pair(word, noun, inside, wording),
        _by_changes(word, noun, everywhere[:1]),
        _by_pair(word, noun, wording.values, wording),
    ):
        if verdict is not None:
            return verdict
    return "has no change beside it that shows it; reference the change"


def _speaks_of(noun: Noun, value: Cited) -> bool:
    # A score's or a price's noun says nothing of which change is meant.
    return noun.fits(value.evidence.name)


def _subject(
    word: re.Match[str], span: tuple[int, int], wording: Wording
) -> Noun | None:
    """The measure a direction word speaks of: before it, else right after it."""
    start, end = span
    before = nouns(wording.masked, start, word.start())
    if before:
        return before[-1]
    later = next((v.start for v in wording.values if v.start >= word.end()), end)
    after = nouns(wording.masked, word.end(), min(end, later))
    return after[0] if after else noun_before(wording, start)


def _by_changes(
    word: re.Match[str], noun: Noun | None, changes: list[Cited]
) -> str | None:
    for value in changes:
        amount = value.evidence.value or Decimal(0)
        promised = expected_sign(word, value.evidence.name)
        if noun is not None and noun.loss:
            promised = -promised
        if sign(amount) != promised:
            return f"contradicts {value.text} ({value.evidence.name} {amount:+f})"
    return "" if changes else None


def _by_pair(
    word: re.Match[str],
    noun: Noun | None,
    values: tuple[Cited, ...],
    wording: Wording,
) -> str | None:
    found = pairs.pair(values, wording, noun)
    if found is None:
        return None
    subject, base = found
    change = (subject.evidence.value or Decimal(0)) - (base.evidence.value or 0)
    promised = expected_sign(word, subject.evidence.name)
    # “The loss widened” is of the size of two negative numbers.
    if noun is not None and noun.loss:
        promised = -promised
    if sign(change) == promised:
        return ""
    return f"contradicts the values beside it ({subject.text} against {base.text})"


def _compared(
    word: re.Match[str], span: tuple[int, int], wording: Wording
) -> str | None:
    """A comparison with the figure behind it; none when there is no such figure."""
    behind = [v for v in wording.inside(span) if v.start >= word.end()]
    if not behind or _told_by(word, behind[0], span, wording):
        return None
    base = behind[0]
    if _amount(word, base, wording):
        return "needs the change behind it, not a level"
    others = sorted(
        (v for v in wording.values if v is not base and pairs.comparable(v, base)),
        key=lambda v: (v.start > base.start, abs(v.start - word.start())),
    )
    if not others:
        return f"compares {base.text} with nothing; reference the other figure too"
    change = (others[0].evidence.value or Decimal(0)) - (base.evidence.value or 0)
    if sign(change) == expected_sign(word, base.evidence.name):
        return ""
    return f"contradicts {others[0].text} against {base.text}"


def _amount(word: re.Match[str], value: Cited, wording: Wording) -> bool:
    """Whether a value says by how much: “higher by {{e5}}”, “higher {{e5}}”."""
    gap = wording.masked[word.end() : value.start]
    direct = AMOUNT_ADJECTIVE.fullmatch(word[0]) and not gap.strip()
    return bool(_BY.fullmatch(gap) or direct)


def _told_by(
    word: re.Match[str], base: Cited, span: tuple[int, int], wording: Wording
) -> bool:
    """Whether a change right beside a comparison decides it, not two values."""
    if is_signed(base):
        return _amount(word, base, wording)
    before = [v for v in wording.inside(span) if v.end == word.start() - 1]
    return bool(before) and is_signed(before[0])


def _to_level(word: re.Match[str], inside: tuple[Cited, ...], plain: str) -> bool:
    """Whether a level follows where only a change can: “rose {{e1}}”."""
    behind = [v for v in inside if v.start >= word.end()]
    if not behind or not (word["up"] or word["down"]) or is_signed(behind[0]):
        return False
    gap = plain[word.end() : behind[0].start]
    named = nouns(gap, 0, len(gap))
    for noun in named:
        gap = gap.replace(noun.text, "")
    return bool(_DIRECT.fullmatch(gap)) and (not named or gap.rstrip().endswith(" of"))


def _level(wording: Wording, value: Cited) -> str:
    """A change written as a level, or a level as a change; empty when neither."""
    before = wording.before(value.start)
    if not is_signed(value):
        numeric = value.evidence.value is not None
        grown = numeric and GROWTH_OF.search(before)
        return f"is no change ({value.evidence.name}); it follows “growth”" * bool(
            grown
        )
    if value.evidence.unit not in CHANGES:
        return ""
    if _TO.search(before) and not _RATE.search(before):
        return "is a change; say by how much, not to what"
    return "" if pairs.told_as_change(wording, value) else "is a change; say what moved"


def _flat(values: tuple[Cited, ...], noun: Noun | None) -> str:
    changes = [
        v.evidence.value or Decimal(0)
        for v in values
        if is_signed(v) and (noun is None or noun.fits(v.evidence.name))
    ]
    if not changes:
        return "has no change beside it that shows it; reference the change"
    return "" if all(abs(c) < _FLAT for c in changes) else "contradicts its change"


def _result(word: re.Match[str], span: tuple[int, int], wording: Wording) -> str:
    """A loss or a profit, against the sign of the figure that shows it."""
    figures = [v for v in wording.values if _is_result(v)]
    behind = [v for v in figures if v.start >= word.end() and v in wording.inside(span)]
    chosen = behind[:1] if word["loss"] else figures
    chosen = chosen or figures
    if not chosen:
        return "has no profit figure beside it that shows it"
    shown = [v.evidence.value or Decimal(0) for v in chosen]
    if word["loss"]:
        fine = any(amount < 0 for amount in shown)
    else:
        turned = LOSS_NOUN.search(word[0]) is None and "turn" in word[0].lower()
        fine = any(a > 0 for a in shown) and (not turned or any(a < 0 for a in shown))
    return "" if fine else "contradicts a profit beside it"


def _is_result(value: Cited) -> bool:
    evidence = value.evidence
    money = evidence.unit in {Measure.RUPEES, Measure.RUPEES_PER_SHARE}
    named = "profit" in evidence.name or evidence.name.startswith("eps")
    return money and named and evidence.value is not None
