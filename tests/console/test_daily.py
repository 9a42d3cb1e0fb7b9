"""A day on the screen and as a page: the loud first, and nobody's markup but ours."""

import html
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from pydantic import TypeAdapter
from rich.console import Console

from dexter.console import daily_page
from dexter.console.daily import show
from dexter.domain.alert import Alert, Blockbuster, Component, Priority
from dexter.domain.filing import Basis
from tests.console.snapshots import matches
from tests.tools.making import at, predicted

DAY = "2025-08-12"
HOSTILE = "<b>Evil</b> | [red]x[/] \x1b[2J`$(rm)` [a](http://evil.example) \\| 100%"


def alert(symbol: str, priority: Priority = Priority.MEDIUM, **about: Any) -> Alert:  # noqa: ANN401 - fields
    part = Component(Decimal("1.2"), Decimal(90), ())
    plain: dict[str, Any] = {
        "id": f"{symbol}-2025-06-30-standalone",
        "symbol": symbol,
        "company": f"{symbol.title()} Limited",
        "period": "Q1 FY26",
        "basis": Basis.STANDALONE,
        "published_at": at(date.fromisoformat(DAY), 16),
        "priority": priority,
        "blockbuster": Blockbuster(Decimal(85), Decimal("0.75"), {"growth": part}),
        "prediction": predicted(),
        "prediction_reason": None,
        "data_grade": "A",
        "vcp": None,
        "vcp_reason": "no bars are kept here",
        "reasons": (),
        "evidence": (),
    }
    return Alert(**{**plain, **about})


def filing(
    symbol: str,
    state: str,
    clock: str = "16:00:00",
    **about: Any,  # noqa: ANN401 - as above
) -> dict[str, Any]:
    plain = {
        "id": "0123456789ab",
        "version": 1,
        "symbol": symbol,
        "basis": "standalone",
        "state": state,
        "reason": None,
        "day": DAY,
        "published_at": f"{DAY}T{clock}.078000+05:30",
        "run_id": None,
        "rule": None,
        "alert_id": None,
        "alert_version": None,
    }
    return {**plain, **about}


def document(*alerts: Alert, **about: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    told = [
        filing(
            one.symbol,
            "alerted",
            alert_id=one.id,
            alert_version=1,
            run_id=f"run-{one.symbol}",
            reason="rule 'good score': blockbuster 85",
        )
        for one in alerts
    ]
    plain: dict[str, Any] = {
        "date": DAY,
        "run_id": "20250813-001500-abcdef",
        "filings": [*told, *about.pop("filings", ())],
        "alerts": TypeAdapter(list[Alert]).dump_python(list(alerts), mode="json"),
        "deliveries": [],
        "expected_but_missing": [],
        "sources": {"all": "fine"},
        "usage": {"runs": 1, "usd": "0", "seconds": 1.5},
        "state": "done",
        "reason": None,
        "dry_run": False,
        "fictional": False,
        "expected": 3,
        "oldest_unread": None,
        "model": {"version": "m_1", "skill": "not_demonstrated", "reason": None},
    }
    return {**plain, **about}


def seen(told: dict[str, Any], *alerts: Alert, width: int = 80) -> str:
    out = StringIO()
    show(
        told,
        alerts,
        Console(width=width, file=out, force_terminal=False, highlight=False),
    )
    return out.getvalue()


def busy() -> tuple[dict[str, Any], tuple[Alert, ...]]:
    alerts = (alert("ABC"), alert("LOUD", Priority.HIGH))
    long = "no rule spoke: blockbuster 51.6 is below 60, of rule 'good score'; " * 3
    told = document(
        *alerts,
        filings=[
            *(filing(f"S{n}", "no_alert", reason=long, run_id="r") for n in range(25)),
            filing("ABC", "no_alert", "20:00:00", reason="says the same as x"),
            filing("HALF", "no_alert", basis=None, reason="no column of a quarter"),
            filing(
                "DOUBT",
                "review",
                "17:05:00",
                basis=None,
                reason="net profit = profit before tax − tax does not hold",
            ),
            filing(
                "",
                "review",
                reason="whose results these are is not known",
                published_at=None,
            ),
            filing("BROKE", "failed", reason="blockbuster: It broke.", run_id="r"),
            filing(
                "AWAY",
                "no_document",
                id="AWAY-url-0123456789ab",
                reason="it has not come yet",
            ),
            filing("NEWS", "not_results", reason="it is of the kind newspaper"),
        ],
        deliveries=[
            {
                "alert_id": alerts[0].id,
                "version": 1,
                "channel": "email",
                "recipient": "me",
                "state": "sent",
                "reason": None,
                "repeats": 0,
            }
        ],
        expected_but_missing=["GONE"],
        sources={"announcements": "blocked: It refuses us."},
        oldest_unread=f"{DAY}T15:00:00+05:30",
        state="partial",
        reason="1 filing failed; not everything came from: announcements",
    )
    return told, alerts


@pytest.mark.parametrize("width", [80, 120])
def test_a_busy_day_as_its_operator_reads_it(width: int) -> None:
    told, alerts = busy()

    assert matches(f"day_{width}", seen(told, *alerts, width=width))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_it_fits_the_screen(width: int) -> None:
    told, alerts = busy()

    assert max(map(len, seen(told, *alerts, width=width).splitlines())) <= width


def test_alerts_come_first_the_loudest_of_them_before_the_others() -> None:
    told, alerts = busy()
    words = seen(told, *alerts)

    places = [
        words.index(one)
        for one in (
            "Loud Limited",
            "Abc Limited",
            "For a person",
            f"{DAY}: ",
            "no rule",
        )
    ]
    assert places == sorted(places)


def test_silent_filings_take_a_line() -> None:
    told, alerts = busy()
    words = seen(told, *alerts, width=120)

    assert "blockbuster 51.6" not in words
    assert "no rule spoke: S0, S1, S2" in words
    assert "S19 and 5 more" in words
    assert "told before by another filing: ABC" in words


def test_of_an_amended_alert_the_latest_version_is_shown() -> None:
    first, second = alert("ABC"), alert("ABC", data_grade="B")
    told = document(first, second)
    told["filings"][1] |= {"alert_version": 2, "reason": "amends version 1"}
    words = seen(told, first, second)

    assert words.count("Abc Limited") == 1
    assert "data grade   B" in words
    assert "amended: version 2 of it" in words
    assert "amends version 1" in daily_page.as_html(told)


def test_many_alerts_are_a_few_cards_and_a_table() -> None:
    alerts = [alert(f"S{n}") for n in range(11)]
    words = seen(document(*alerts), *alerts)

    assert words.count("╭") == 8
    assert "S10 Limited (S10)" in words


def test_a_day_without_anything_says_so() -> None:
    assert seen(document()) == f"{DAY}: no filings\n"
    one = document(filings=[filing("ABC", "no_alert", run_id="r")])
    assert seen(one).startswith(f"{DAY}: 1 filing: 1 no alert\n")
    marked = seen(document(fictional=True, dry_run=True))
    assert "(an invented market; nothing kept or sent)" in marked


def test_nobody_decides_in_an_invented_market() -> None:
    doubt = [filing("DOUBT", "review", reason="it does not add up")]

    assert "extract review" in seen(document(filings=doubt))
    assert "extract review" not in seen(document(filings=doubt, fictional=True))


def test_hostile_words_move_nothing_on_the_screen() -> None:
    told = document(
        filings=[filing(HOSTILE, "review", reason=f"{HOSTILE}\r\nnext")],
        sources={HOSTILE: HOSTILE},
        expected_but_missing=[HOSTILE],
        reason=HOSTILE,
    )
    words = seen(told, width=200)

    assert "\x1b" not in words
    assert "\r" not in words
    assert "[red]x[/]" in words


def hostile() -> dict[str, Any]:
    evil = alert("EVIL", company=HOSTILE, prediction=None, prediction_reason=HOSTILE)
    about = {"reason": f"{HOSTILE}\nnext", "id": HOSTILE, "run_id": HOSTILE}
    states = ("review", "failed", "no_document", "no_alert", "not_results")
    return document(
        evil,
        filings=[filing(HOSTILE, one, **about) for one in states],
        sources={HOSTILE: HOSTILE},
        expected_but_missing=[HOSTILE],
        deliveries=[
            {
                "alert_id": HOSTILE,
                "version": 1,
                "channel": "email",
                "recipient": HOSTILE,
                "state": "dead",
                "reason": HOSTILE,
                "repeats": 0,
            }
        ],
        reason=HOSTILE,
    )


class Page(HTMLParser):
    """The tags of a page, its words, and how many cells each row has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.rows: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - theirs
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append(0)
        if tag in {"td", "th"}:
            self.rows[-1] += 1

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_hostile_words_are_words_on_the_page() -> None:
    page = Page(daily_page.as_html(hostile()))

    assert set(page.tags) <= {
        *("html", "head", "meta", "title", "style", "body", "h1", "h2", "p"),
        *("table", "tr", "th", "td", "div", "details", "summary", "em"),
    }
    shown = HOSTILE.replace("\x1b", " ")
    assert any(shown in one for one in page.words)


def test_hostile_words_are_words_in_markdown() -> None:
    text = daily_page.as_markdown(hostile())

    assert "<b>" not in text
    assert "](http" not in text.replace("\\]", "")
    assert "\x1b" not in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    heads = [len(_cells(line)) for line in tables if line.endswith("---|")]
    assert len(heads) >= 8
    width = 0
    for before, line in pairwise(tables):
        if line.endswith("---|"):
            width = len(_cells(line))
            assert len(_cells(before)) == width
        elif not _begins(tables, line):
            assert len(_cells(line)) == width, line


def _begins(tables: list[str], line: str) -> bool:
    """Whether a line is the head of a table."""
    place = tables.index(line)
    return place + 1 < len(tables) and tables[place + 1].endswith("---|")


def _cells(line: str) -> list[str]:
    """Cells as GitHub splits them: at every bar that is not escaped."""
    found, escaped = [""], False
    for letter in line.strip().strip("|"):
        if letter == "|" and not escaped:
            found.append("")
        else:
            found[-1] += letter
        escaped = letter == "\\" and not escaped
    return found


def test_a_page_stands_alone_and_holds_everything() -> None:
    told, _ = busy()
    page = daily_page.as_html(told)

    assert "src=" not in page
    assert "href=" not in page
    words = html.unescape(page)
    for one in told["filings"]:
        assert (one["reason"] or one["symbol"]) in words
    assert "For a person to look at (3)" in words
    assert "Expected and not seen (1 of 3)" in words
    assert "12 Aug 15:00" in words
    assert "1970" not in words


def test_a_number_is_written_one_way_everywhere() -> None:
    """Half of a last place goes up, in the card as in the page."""
    close = alert("ABC", prediction=predicted("0.0185"))
    told = document(close)
    told["alerts"][0]["blockbuster"]["score"] = "84.5"
    points = Blockbuster(Decimal("84.5"), Decimal("0.75"), {})
    shown = seen(told, replace(close, blockbuster=points))

    for text in (shown, daily_page.as_markdown(told), daily_page.as_html(told)):
        assert "1.9%" in text
        assert "85" in text
        assert "not investment advice" in " ".join(text.split())


def test_what_nobody_needs_is_folded() -> None:
    told, _ = busy()
    page = daily_page.as_html(told)

    folded = [one.split("</summary>")[0] for one in page.split("<summary>")[1:]]
    assert folded == ["No alert (27)", "Not results (1)", "Letters (1)"]
    assert "<h2>Alerts</h2>" in page
    empty = daily_page.as_markdown(document())
    assert "## Alerts\n\nNone." in empty
    unasked = daily_page.as_markdown(document(sources={}))
    assert "## Sources\n\nNone was asked." in unasked
    assert "| version | m_1 |" in empty
    assert "| skill | not demonstrated |" in empty


def test_an_invented_market_is_marked_on_every_page() -> None:
    told = document(fictional=True)

    for text in (daily_page.as_markdown(told), daily_page.as_html(told)):
        assert "The market is invented" in text


def test_a_letter_nobody_took_says_why() -> None:
    letter = {"recipient": "me", "state": "dead", "reason": "chat not found"}
    sent = {**letter, "state": "sent", "reason": None}
    told = document(deliveries=[sent, letter])
    assert "letters: 1 sent, 1 dead (me: chat not found)" in seen(told)
    told = document(deliveries=[letter, {**letter, "reason": "blocked"}])
    assert "letters: 2 dead (me: chat not found, …)" in seen(told)
