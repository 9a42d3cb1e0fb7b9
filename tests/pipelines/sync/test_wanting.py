"""Which announcements bring results, and the documents they name."""

import pytest

from pipelines.sync.datasets import DATASETS
from pipelines.sync.wanting import _READERS, Place, tells_of_results, wishes


@pytest.mark.parametrize(
    ("title", "body", "category"),
    [
        ("Financial Result Updates", "", ""),
        ("Outcome of Board Meeting", "", ""),
        ("Outcome Of The Board Meeting", "Dividend declared", ""),
        ("Integrated Filing- Financial", "", ""),
        ("Press Release", "Press release on the results for the quarter ended", ""),
        ("General Updates", "Unaudited Financial Results for June 2026", ""),
        ("Anything", "", "Result"),
        ("Financial Results - ABC LTD. - 500001 - Revised Results", "", ""),
    ],
)
def test_results_under_any_heading_are_fetched(
    title: str, body: str, category: str
) -> None:
    assert tells_of_results(title, body, category)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Copy of Newspaper Publication", "Financial results published in"),
        ("Clarification - Financial Results", "financial results"),
        ("Reply to Clarification Sought- Financial Results", ""),
        ("Board Meeting Intimation", "to consider the financial results"),
        ("Trading Window", "closed until financial results are declared"),
        ("Reasons for Delayed/Non-submission of Financial Results", ""),
        ("Credit Rating", "reaffirmed"),
        ("Updates", "Newspaper advertisement of unaudited financial results"),
    ],
)
def test_what_only_speaks_of_results_is_not(title: str, body: str) -> None:
    assert not tells_of_results(title, body)


def test_a_placeholder_is_no_document() -> None:
    row = {
        "symbol": "KAVCEM",
        "type": "Integrated Filing- Financials",
        "broadcast_Date": "24-Jul-2026 17:40:11",
        "xbrl": "https://nsearchives.nseindia.com/corporate/xbrl/-",
        "ixbrl": "https://nsearchives.nseindia.com/corporate/ixbrl/A_1.html",
        "pdf_attach": "https://nsearchives.nseindia.com/corporate/null",
    }
    (wish,) = wishes("nse integrated results", (row,))
    assert wish.address.endswith("A_1.html")
    assert wish.place is Place.NSE
    assert wish.known_at is not None


def test_xbrl_stands_for_its_inline_twin() -> None:
    row = {
        "symbol": "KAVCEM",
        "broadcast_Date": "24-Jul-2026 17:40:11",
        "xbrl": "https://nsearchives.nseindia.com/corporate/xbrl/A.xml",
        "ixbrl": "https://nsearchives.nseindia.com/corporate/ixbrl/A_1.html",
        "pdf_attach": "https://nsearchives.nseindia.com/corporate/A.pdf",
    }
    found = [wish.address for wish in wishes("nse integrated results", (row,))]
    assert [address.rsplit("/", 1)[-1] for address in found] == ["A.xml", "A.pdf"]


def test_a_bse_name_is_kept_as_it_is_printed() -> None:
    row = {
        "NEWSID": "1",
        "SCRIP_CD": 500001,
        "SUBCATNAME": "Financial Results",
        "CATEGORYNAME": None,
        "NEWSSUB": "KAVERI CEMENT - 500001 - Results",
        "HEADLINE": "",
        "DissemDT": "2026-07-24T17:40:11.5",
        "ATTACHMENTNAME": "Uploads\\a1.pdf",
    }
    (wish,) = wishes("bse announcements", (row,))
    assert wish == wish.__class__(
        "Uploads\\a1.pdf", Place.BSE, "BSE:500001", wish.known_at
    )


def test_every_reader_reads_a_dataset_there_is() -> None:
    assert _READERS.keys() <= {dataset.name for dataset in DATASETS}


def test_the_list_of_before_2025_names_its_documents() -> None:
    row = {
        "symbol": "KAVCEM",
        "broadCastDate": "24-Jul-2024 17:40:11",
        "xbrl": "https://nsearchives.nseindia.com/corporate/xbrl/INDAS_1.xml",
    }
    (wish,) = wishes("nse legacy results", (row,))
    assert wish.place is Place.NSE
