"""The card as each channel shows it: whole, absences with their reason, no advice."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dexter.alerts.card_shape import shown
from dexter.alerts.rendering import card_of, lines, plain, subject
from dexter.alerts.rendering_html import DARK, LIGHT, LOUD, Colours, page
from dexter.alerts.rendering_telegram import messages
from dexter.domain.alert import Component, Demonstrated
from dexter.domain.delivery import Message
from tests.alerts.making import alert, bare, message, notice
from tests.console.snapshots import matches

FOLDER = Path(__file__).resolve().parent / "snapshots"
AMENDED = message(
    version=2,
    amends=(
        "net profit was ₹120 crore and is ₹118.4 crore",
        "the probability was 14.1% and is 12.3%",
    ),
    repeat=True,
    alert=alert(fictional=True),
)
MESSAGES = {
    "full": message(),
    "bare": message(alert=bare()),
    "amended": AMENDED,
    "notice": notice("72 filings were expected, none came", "NSE: blocked since 16:02"),
}
ADVICE = re.compile(
    r"\b(buy|sell|hold|accumulate|target price|strong(ly)?|recommend\w*|should)\b",
    re.IGNORECASE,
)
VOID = {"meta", "img", "br"}


class Reader(HTMLParser):
    """The text of a page, and whether its tags are closed in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.addresses += [v or "" for k, v in attrs if k in {"src", "href"}]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self.open):
            self.text.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def forms(one: Message) -> dict[str, str]:
    card = card_of(one)
    return {
        "plain": plain(card),
        "telegram": "\n".join(messages(lines(card))),
        "html": page(card),
        "subject": subject(one),
    }


@pytest.mark.parametrize("form", ["plain", "telegram", "html"])
@pytest.mark.parametrize("name", MESSAGES)
def test_the_card_as_it_is_seen(name: str, form: str) -> None:
    assert matches(f"{name}_{form}", forms(MESSAGES[name])[form], FOLDER)


@pytest.mark.parametrize("name", MESSAGES)
def test_every_form_says_the_same(name: str) -> None:
    card = card_of(MESSAGES[name])

    text = " ".join(read(page(card)).text)

    for line in lines(card):
        for word in "".join(span.text for span in line).replace("·", "").split():
            assert word.strip("•⚠:") in text


@pytest.mark.parametrize("name", MESSAGES)
def test_no_form_gives_advice(name: str) -> None:
    for said in forms(MESSAGES[name]).values():
        assert ADVICE.search(said.replace("may not hold", "")) is None


def test_what_must_be_seen_first_is_first() -> None:
    for said in (plain(card_of(AMENDED)), " ".join(read(page(card_of(AMENDED))).text)):
        places = [
            said.index(mark)
            for mark in (
                "FICTIONAL SAMPLE",
                "POSSIBLE REPEAT",
                "HIGH",
                "AMENDS VERSION 1",
            )
        ]
        assert places == sorted(places)


def test_the_first_of_its_kind_carries_no_marks() -> None:
    for said in forms(message()).values():
        assert not re.search("FICTIONAL|REPEAT|AMENDS|illustrative", said)


def test_a_subject_says_it_all_in_short() -> None:
    assert subject(AMENDED) == (
        "[HIGH] [FICTIONAL SAMPLE] [AMENDS VERSION 1] [POSSIBLE REPEAT] "
        "Mahindra <& Sons> Limited (M&M) Q1 FY26"
    )


def test_a_change_nobody_described_is_said_to_be_undescribed() -> None:
    assert "what changed was not recorded" in plain(card_of(message(version=3)))


def test_an_absence_without_a_reason_is_still_no_blank_and_no_zero() -> None:
    silent = replace(
        bare(), prediction_reason=None, vcp_reason="", blockbuster=bare().blockbuster
    )
    silent = replace(
        silent,
        blockbuster=replace(
            silent.blockbuster,
            reason=None,
            components={"growth": Component(None, None, ())},
        ),
    )

    said = plain(card_of(message(alert=silent)))

    assert said.count("none: no reason was recorded") == 3
    assert "growth: unknown: no reason was recorded" in said
    assert not re.search(r"Blockbuster.*\d", said)


def test_an_edge_is_said_plainly_either_way() -> None:
    found = alert().prediction
    assert found is not None
    shown_edge = replace(found, edge=Demonstrated.YES, skill=Demonstrated.NO)

    said = plain(card_of(message(alert=alert(prediction=shown_edge))))

    assert "skill not demonstrated, edge demonstrated" in said


def test_another_events_probability_keeps_its_name() -> None:
    found = alert().prediction
    assert found is not None
    other = replace(found, label="gap_up_1d", illustrative=True)

    said = plain(card_of(message(alert=alert(prediction=other))))

    assert "P(gap up 1d): 12.3%" in said
    assert "illustrative" in said


def test_a_probability_in_sample_is_no_forecast() -> None:
    found = alert().prediction
    assert found is not None
    said = plain(card_of(message(alert=alert(prediction=found))))
    assert "in sample" not in said
    learned = replace(found, in_sample=True)
    said = plain(card_of(message(alert=alert(prediction=learned))))
    assert "in sample: its model was trained on results of that time" in said


def test_a_message_that_says_nothing_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="says nothing"):
        card_of(Message("empty"))


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_stays_text_on_a_page(text: str) -> None:
    one = message(alert=alert(company=text, reasons=(text,)), amends=(text,), version=2)

    reader = read(page(card_of(one), 'cid:"><script>'))

    said = re.sub(r"\s", "", "".join(reader.text))
    assert re.sub(r"\s", "", shown(text)) in said
    assert reader.addresses == ['cid:"><script>']


@given(st.text())
def test_a_shown_text_is_one_line(text: str) -> None:
    said = shown(text)

    assert len(said.splitlines()) <= 1
    assert said.encode().decode() == said
    assert not re.search("[\x00-\x1f\u202a-\u202e\u2066-\u2069]", said)


def test_a_shown_text_neither_turns_nor_breaks() -> None:
    assert shown(" A\u202eB\u2066\r\n\tC\x00\ud800 \u2028") == "AB C \ufffd"
    assert shown("क्‍ष 👩‍👩‍👧") == "क्‍ष 👩‍👩‍👧", "joiners are letters' own"


@given(st.text(max_size=400))
def test_a_subject_fits_a_header(text: str) -> None:
    said = subject(notice(title=text))

    assert len(said) <= 180
    assert len(said.splitlines()) == 1


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((light(one), light(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_everything_can_be_read(colours: Colours) -> None:
    for ink in (colours.ink, colours.faint):
        assert _contrast(ink, colours.ground) >= 4.5
    assert _contrast(colours.mark_ink, colours.mark_ground) >= 4.5
    assert _contrast(colours.bar, colours.rule) >= 2.5
    assert all(_contrast("#ffffff", ground) >= 4.5 for ground in LOUD.values())


def test_a_page_asks_nobody_for_anything() -> None:
    said = page(card_of(message()), "cid:chart@example.com")

    assert read(said).addresses == ["cid:chart@example.com"]
    assert "url(" not in said
    assert "<script" not in said
