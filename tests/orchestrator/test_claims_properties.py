"""No numeral reaches a reader except through code, whatever surrounds it."""

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.orchestrator.claims import check, rendered, sentences
from dexter.orchestrator.references import Sources
from tests.orchestrator.evidence import BOOK, SOURCES

NUMERALS = [
    chr(point)
    for point in range(sys.maxunicode + 1)
    if unicodedata.numeric(chr(point), None) is not None
]
PIECES = st.sampled_from(
    [
        *("revenue", "rose", "fell", "to", "from", "net profit", "was", "of", "the"),
        *("a year before", "{{e1}}", "{{e5}}", "{{e3.period}}", "{{e3.company}}", ","),
        *("and", "(", ")", "{{a1}}", "—", "margin", "higher than", "{{e4}}", "its"),
    ]
)
SPELT = (
    "one two three seven eleven nineteen thirty ninety hundred thousand lakh crore"
    " million billion half third quarter-of dozen double triple twice first tenth"
    " per-cent percent nought zero nil twofold"
).replace("quarter-of", "thirds")


@given(
    st.lists(PIECES, max_size=8),
    st.sampled_from(NUMERALS),
    st.integers(min_value=0, max_value=8),
    st.booleans(),
)
def test_a_typed_numeral_is_never_published(
    pieces: list[str],
    numeral: str,
    at: int,
    glued: bool,  # noqa: FBT001 - drawn by position
) -> None:
    where = min(at, len(pieces))
    typed = f"{pieces[where]}{numeral}" if glued and where < len(pieces) else numeral
    text = " ".join(["Revenue", *pieces[:where], typed, *pieces[where:], "{{e1}}"])

    published = [s for one in sentences(text) for s in [check(one, SOURCES)]]

    assert all(numeral not in s.text for s in published if not s.problems)


@given(st.lists(PIECES, max_size=6), st.sampled_from(SPELT.split()), st.booleans())
def test_a_number_word_is_never_published(
    pieces: list[str],
    word: str,
    capital: bool,  # noqa: FBT001 - drawn by position
) -> None:
    said = word.capitalize() if capital else word
    text = " ".join([said, *pieces, "revenue was {{e1}}"])

    assert check(text, SOURCES).problems


@given(st.text(max_size=60))
def test_any_text_is_judged_without_a_fault(text: str) -> None:
    checked = [check(one, SOURCES) for one in sentences(f"{text} {{{{e1}}}}")]

    for sentence in checked:
        if not sentence.problems:
            shown = rendered(sentence, SOURCES)
            outside = re.sub(r"₹[\d,.]+ crore", "", shown)
            assert not any(unicodedata.numeric(c, None) for c in outside)


@given(st.lists(PIECES, min_size=1, max_size=10))
def test_what_is_published_shows_every_value_as_code_writes_it(
    pieces: list[str],
) -> None:
    checked = check(" ".join(pieces), SOURCES)
    if checked.problems:
        return

    shown = rendered(checked, SOURCES)

    values = [r.evidence for r in checked.references if r.is_value and r.evidence]
    for evidence in values:
        alone = rendered(
            check(_alone(evidence.name, evidence.id), SOURCES), SOURCES
        ).rstrip(".")
        digits = re.sub(r"[^\d.,]", "", alone)
        assert digits in shown


def _alone(name: str, identifier: str) -> str:
    nouns = {
        "revenue_from_operations": "Revenue was",
        "net_profit": "Net profit was",
        "revenue_yoy": "Revenue growth was",
    }
    return f"{nouns[name]} {{{{{identifier}}}}}."


@pytest.mark.parametrize("evidence", BOOK, ids=lambda e: f"{e.id}-{e.name}")
def test_every_reference_must_resolve(evidence: object) -> None:
    identifier = getattr(evidence, "id", "")
    nothing = Sources({}, {})

    assert check(f"It was {{{{{identifier}}}}}.", nothing).problems
