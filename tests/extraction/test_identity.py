"""Who a document is from: agreement is required, misreadings and lies are survived."""

import pytest

from dexter.extraction.about.identity import identify, isin_holds
from dexter.extraction.about.names import alike
from dexter.extraction.document import read

LETTER = """
BORO VALLEY TEA LIMITED
Regd. Office: 4 Strand Road, Kolkata 700 001. CIN: L01132WB1951PLC099999
To,
BSE Limited
Phiroze Jeejeebhoy Towers, Dalal Street, Mumbai - 400001
Scrip Code: 539901
Sub: Outcome of Board Meeting along with Limited Review Report
Pin Code: 560001
For Boro Valley Tea Limited
Company Secretary
"""


def test_a_letter_says_who_sent_it() -> None:
    found = identify([LETTER, "Boro Valley Tea Limited\nISIN: INE123A01012"])
    assert found.name
    assert found.name.value == "Boro Valley Tea Limited"
    assert set(found.name.kinds) == {"letterhead", "signature"}
    assert found.scrip_code
    assert (found.scrip_code.value, found.scrip_code.page) == ("539901", 1)
    assert found.scrip_code.line == "Scrip Code: 539901"
    assert found.cin
    assert found.cin.value == "L01132WB1951PLC099999"
    assert found.isin
    assert found.isin.page == 2
    assert found.symbol is None


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Symbol: AVELTEA", "symbol", "AVELTEA"),
        ("NSE Scrip Code: AVELTEA", "symbol", "AVELTEA"),
        ("(Security Id: BOROTEA Security Code: 539901)", "security_id", "BOROTEA"),
        ("(Security Id: BOROTEA Security Code: 539901)", "scrip_code", "539901"),
        ("Ref: Security Id: BOROTEA / Code: 539901", "scrip_code", "539901"),
        ("Scrip Code:- 539901", "scrip_code", "539901"),
        ("Script code No. 539901", "scrip_code", "539901"),
        ("Ref.: Boro Tea Limited [Scrip Code: 539901]", "name", "Boro Tea Limited"),
        ("Name of Listed Entity: BORO &\nTEA LIMITED", "name", "BORO & TEA LIMITED"),
        ("For and on behalf of Boro Tea Ltd.", "name", "Boro Tea Ltd"),
        ("To the Board of Directors of\nBoro Tea Limited", "name", "Boro Tea Limited"),
    ],
)
def test_codes_and_names_as_letters_print_them(
    text: str, field: str, value: str
) -> None:
    seen = getattr(identify([text]), field)
    assert seen is not None
    assert seen.value == value


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Scrip Code: 539901\nScrip Code: 539907", "scrip_code"),
        ("Symbol: AVELTEA\nSymbol: BOROTEA", "symbol"),
        ("Pin Code: 560001", "scrip_code"),
        ("ISIN INE123A01017", "isin"),
        ("BSE Limited\nNational Stock Exchange of India Limited", "name"),
        ("along with the review report for the quarter, Limited", "name"),
        ("For Boro Tea Limited\nFor Avel Coffee Limited", "name"),
        ("", "name"),
    ],
)
def test_what_is_not_said_once_is_not_guessed(text: str, field: str) -> None:
    assert getattr(identify([text]), field) is None


def test_another_company_hidden_in_the_heading_does_not_win() -> None:
    page = "TIMBER HOME LIMITED\nProfit 1.00\nBORO TEA LTD\nFOR, BORO TEA LTD.\n"
    found = identify([page, page])
    assert found.name
    assert found.name.value == "BORO TEA LTD"


def test_one_misread_spelling_does_not_become_the_name() -> None:
    signed = "For Standard Boot and Last (India) Limited"
    found = identify(
        ["Standard Boot and Last (lndia) Limited\n" + signed, signed, signed]
    )
    assert found.name
    assert found.name.value == "Standard Boot and Last (India) Limited"
    assert found.name.times == 4


def test_a_letterhead_that_lost_its_beginning_joins_the_whole_name() -> None:
    found = identify(["Capital Market Ltd.\nRef: Boro Capital Market Limited (Scrip"])
    assert found.name
    assert found.name.value == "Boro Capital Market Limited"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("BORO & VALLEY TEA LIMITED", "Boro and Valley Tea Ltd.", True),
        ("Standard Boot (lndia) Ltd", "Standard Boot (India) Limited", True),
        ("Sharpe Medical Rescarch Ltd", "Sharpe Medical Research Limited", True),
        ("Boro Tea Limited", "Boro Tin Limited", False),
        ("Tata Steel Limited", "Tata Power Limited", False),
        ("", "Boro Tea Limited", False),
    ],
)
def test_names_are_one_but_for_misread_letters(
    one: str, other: str, *, same: bool
) -> None:
    assert alike(one, other) is same


def test_an_isin_has_a_check_digit() -> None:
    # Apple's, from the standard's own example.
    assert isin_holds("US0378331005")
    assert not isin_holds("US0378331015")


def test_reading_says_nothing_of_a_sender_where_the_format_has_fields() -> None:
    found = read("a.pdf", b"no document at all")
    assert found.identity is None
