"""Any text is escaped, split and taken; put together again nothing is missing."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dexter.alerts.rendering import Look, Span, card_of, lines, plain
from dexter.alerts.rendering_telegram import messages, units
from tests.alerts import telegram_html
from tests.alerts.making import alert, message, notice
from tests.alerts.telegram_html import MarkupError, cleaned, is_empty, parse

AWKWARD = (
    "<",
    "&",
    ">",
    "&amp;",
    "&#60;",
    "</b>",
    "<b>",
    "🧑🏽‍🌾",
    "👩‍👩‍👧",
    "🇮🇳",
    "\u202eRTL\u202c",
    "שלום",
    "مرحبا",
    "क्षि",
    "e\u0301",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u2800",
    "\x00",
    "\ud800",
    "\t",
    "\n",
    "\r\n",
    " ",
    "\u2028",
    "\u030a",
    "\U000e0041",
    "a",
    "₹1,234",
)
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(AWKWARD), st.text(max_size=20), st.characters(codec="utf-8")
    ),
    max_size=60,
).map("".join)
PIECES = st.tuples(
    st.sampled_from([*AWKWARD, "word ", "🧑🏽‍🌾x", "<b>&lt;", "a\u0301" * 3]),
    st.integers(0, 20_000),
    TEXTS,
)
_UNSEEN = re.compile(
    "[\\s\u180e\u2800\ufeff\ufffc\u200b-\u200f\u0333\u033f\u030a\U000e0000-\U000e007f]"
)
LOOKS = st.sampled_from(Look)


def squeezed(text: str) -> str:
    """A text without what Telegram trims, drops or takes for nothing."""
    return _UNSEEN.sub("", text)


def long(drawn: tuple[str, int, str]) -> str:
    """Up to twenty thousand characters; drawn as parts, to be shown in short."""
    piece, times, rest = drawn
    return (piece * times)[:20_000] + rest


def taken(markup: str) -> str:
    """The text of a message the server takes."""
    text, _ = parse(markup)
    text = cleaned(text)
    assert not is_empty(text)
    assert telegram_html.units(text) <= 4096
    return text


@settings(deadline=None)  # twenty thousand characters take their time
@given(TEXTS, st.lists(PIECES, max_size=3))
def test_any_notice_is_taken_and_nothing_is_missing(
    title: str, said: list[tuple[str, int, str]]
) -> None:
    card = card_of(notice(*map(long, said), title=title))

    parts = messages(lines(card))

    joined = "".join(map(taken, parts))
    assert squeezed(joined) == squeezed(plain(card))


@settings(deadline=None)  # twenty thousand characters take their time
@given(TEXTS, PIECES, TEXTS)
def test_any_alert_is_taken_and_nothing_is_missing(
    company: str, drawn: tuple[str, int, str], model: str
) -> None:
    reason = long(drawn)
    said = alert(
        company=company, reasons=(reason,), symbol=model, prediction_reason=reason
    )
    card = card_of(message(alert=said, version=2, amends=(company, reason)))

    parts = messages(lines(card))

    assert squeezed("".join(map(taken, parts))) == squeezed(plain(card))


@settings(deadline=None)  # twenty thousand characters take their time
@given(
    st.lists(st.lists(st.tuples(TEXTS, LOOKS), max_size=4), max_size=8),
    st.integers(2, 60),
)
def test_small_parts_hold_what_they_may_and_all_there_is(
    drawn: list[list[tuple[str, Look]]], longest: int
) -> None:
    clean = str.maketrans("", "", "\ud800\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
    whole = [
        tuple(Span(text.translate(clean), look) for text, look in line)
        for line in drawn
    ]

    parts = messages(whole, longest)

    texts = [parse(part)[0] for part in parts]
    assert all(units(text) <= longest for text in texts)
    said = "".join(span.text for line in whole for span in line)
    assert squeezed("".join(texts)) == squeezed(said)


@pytest.mark.parametrize(
    ("text", "count"), [("abc", 3), ("₹", 1), ("🧑🏽‍🌾", 7), ("", 0), ("क्षि", 4)]
)
def test_length_is_in_code_units(text: str, count: int) -> None:
    assert units(text) == telegram_html.units(text) == count


def test_a_card_is_one_message_in_telegrams_html() -> None:
    (markup,) = messages(lines(card_of(message())))

    assert set(re.findall(r"</?(\w+)", markup)) <= {"b", "i", "code"}
    assert "Mahindra &lt;&amp; Sons&gt; Limited" in markup


def test_lines_are_kept_whole_where_they_fit() -> None:
    said = tuple((Span(f"{number} {'x' * 30}"),) for number in range(10))

    parts = messages(said, 100)

    assert [part.count("x") for part in parts] == [90, 90, 90, 30]
    assert all(line.endswith("x" * 30) for part in parts for line in part.split("\n"))


def test_a_part_that_nobody_could_see_is_no_message() -> None:
    hidden = (Span("\u200b\U000e0041\u2800" * 3000),)

    assert messages([(Span("x"),), hidden, (Span("y"),)])[0].startswith("x")
    assert all(map(taken, messages([(Span("x"),), hidden, (Span("y"),)])))
    assert messages([hidden]) == ()


def test_a_long_line_is_cut_behind_a_space() -> None:
    (first, *_) = messages([(Span("words " * 1000, Look.STRONG),)])

    assert first.startswith("<b>words")
    assert first.endswith("words </b>")


@pytest.mark.parametrize(
    "cluster",
    ["🧑🏽‍🌾", "e\u0301", "👩‍👩‍👧"],
    ids=["emoji", "accent", "family"],
)
def test_no_cut_goes_through_a_character(cluster: str) -> None:
    parts = messages([(Span(cluster * 40),)], 50)

    assert len(parts) > 1
    assert all(not part.replace(cluster, "") for part in parts)


@pytest.mark.parametrize(
    "markup",
    [
        "<x>a</x>",
        "<b>a",
        "a</b>",
        "<b><i>a</b></i>",
        "a < b",
        "<b",
        "<b>a</b",
        "&#xD800;",
    ],
)
def test_the_loopback_parser_is_strict(markup: str) -> None:
    with pytest.raises(MarkupError):
        parse(markup)


def test_the_loopback_parser_reads_as_telegram_does() -> None:
    text, styles = parse('<b>a &lt;<i>b</i></b> &nbsp; &#8377; <a href="x">l</a>')

    assert text == "a <b &nbsp; ₹ l"
    assert [(one.tag, one.offset, one.length) for one in styles] == [
        ("i", 3, 1),
        ("b", 0, 4),
        ("a", 14, 1),
    ]
