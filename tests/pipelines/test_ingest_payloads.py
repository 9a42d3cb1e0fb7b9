import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from dexter.domain.filing import Basis
from dexter.domain.moment import IST
from pipelines.ingest import cells
from pipelines.ingest.market_lists import family_of, meeting_day, meeting_of
from pipelines.ingest.payload import Payload
from pipelines.ingest.payloads import read_payload
from tests.conftest import SHARED

API = SHARED / "data" / "filings" / "api"
real = pytest.mark.skipif(not API.is_dir(), reason="the shared real data is not here")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=IST)


def payload(path: str) -> Payload:
    found = read_payload(path, (API / path).read_bytes())
    assert found is not None
    return found


@real
def test_a_legacy_list_of_results_names_document_time_and_basis() -> None:
    found = payload("nse_corporates_financial_results/acc.json")
    row = next(r for r in found.publications if "1367750" in str(r["base_name"]))
    assert row["base_name"] == "indas_118350_1367750_31012025064516.xml"
    assert row["published_at"] == moment("2025-01-31T18:45:17")
    assert (row["basis"], row["period_end"]) == ("consolidated", date(2024, 12, 31))
    assert found.names[0].name == "ACC Limited"
    assert not [r for r in found.publications if r["base_name"] == "-"]


@real
def test_an_announcement_is_known_from_its_dissemination() -> None:
    found = payload("nse_samples/announcements.json")
    (row,) = found.publications
    assert row["published_at"] == moment("2023-10-18T22:11:48")
    assert str(row["base_name"]).endswith("litigationupdate.pdf")


@real
def test_the_site_download_of_announcements_reads_alike() -> None:
    found = payload("nse_CF-AN-equities_2026-01-24_to_25.csv")
    assert found.publications[0]["published_at"] == moment("2026-01-25T22:41:37")
    assert found.names[0].name == "Cyber Media (India) Limited"


@real
def test_a_bse_announcement_is_kept_under_its_scrip_code() -> None:
    found = payload("bse_samples/announcements.json")
    (row,) = found.publications
    assert row["symbol"] == "BSE:517397"
    assert row["published_at"] == moment("2023-10-20T23:44:22.95")
    assert row["base_name"] == "aab502e1-3e05-4fdc-bc10-ecbb436cab8d.pdf"


@real
def test_a_board_meeting_is_expected_from_its_intimation() -> None:
    (row,) = payload("nse_samples/boardMeetings.json").meetings
    assert (row["symbol"], row["meeting_date"]) == ("SIYSIL", date(2023, 10, 30))
    assert row["known_at"] == moment("2023-10-18T22:43:02")


@real
@pytest.mark.parametrize(
    "path",
    ["nse_samples/quote.json", "nse_samples/holidays.json", "bse_samples/quote.json"],
)
def test_other_payloads_are_left_alone(path: str) -> None:
    assert read_payload(path, (API / path).read_bytes()) is None


@pytest.mark.parametrize(
    "body",
    ['"No Record Found!"', "[]", "{}", '{"data": [], "msg": "no data found"}', "null"],
)
def test_an_empty_answer_is_no_list(body: str) -> None:
    assert read_payload("answer.json", body.encode()) is None


def test_a_block_page_named_json_fails_as_itself() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        read_payload("answer.json", b"<html>Access Denied</html>")


def test_a_list_wrapped_in_a_json_string_is_unwrapped() -> None:
    rows = [
        {"scrip_Code": "1", "Long_Name": "ALOK LTD.", "meeting_date": "23 Oct 2023"}
    ]
    wrapped = json.dumps(json.dumps(rows)).encode()
    found = read_payload("answer.json", wrapped)
    assert found is not None
    assert found.names[0].symbol == "BSE:1"


def test_padded_headers_of_the_equity_list_are_understood() -> None:
    text = (
        "SYMBOL,NAME OF COMPANY, SERIES, ISIN NUMBER\nKAVCEM,Kaveri Cement, EQ,INE9\n"
    )
    found = read_payload("EQUITY_L.csv", text.encode())
    assert found is not None
    (fact,) = found.names
    assert (fact.symbol, fact.name, fact.isin) == ("KAVCEM", "Kaveri Cement", "INE9")


def test_placeholder_urls_name_no_document() -> None:
    row = {
        "symbol": "OLD",
        "xbrl": "https://nsearchives.nseindia.com/corporate/xbrl/-",
        "broadCastDate": "31-Jan-2015 18:45:17",
        "toDate": "31-Dec-2014",
    }
    found = read_payload("old.json", json.dumps([row]).encode())
    assert found is not None
    assert found.publications == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18-Oct-2023 22:11:42", "2023-10-18T22:11:42"),
        ("21-SEP-2026 09:00:01", "2026-09-21T09:00:01"),
        ("2023-10-20T23:44:22.95", "2023-10-20T23:44:22.95"),
        ("2026-01-25 22:41:36", "2026-01-25T22:41:36"),
        ("31-Jan-2025 18:45", "2025-01-31T18:45:00"),
        ("31-Jan-2025", None),
        ("2025-01-31", None),
        ("-", None),
        ("", None),
        (None, None),
    ],
)
def test_exchange_times_are_indian_and_never_guessed(
    text: object, expected: str | None
) -> None:
    assert cells.moment(text) == (moment(expected) if expected else None)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://x/xbrl/INDAS_1_2_3.xml", "indas_1_2_3.xml"),
        ("20250206_1915_INDAS_1_2_3.xml", "indas_1_2_3.xml"),
        ("C:\\files\\A.pdf", "a.pdf"),
        ("https://x/corporate/null", None),
        ("https://x/-", None),
        (None, None),
    ],
)
def test_documents_are_matched_by_base_name(address: object, name: str | None) -> None:
    assert cells.base_name(address) == name


@pytest.mark.parametrize(
    ("value", "expected"),
    [(9.73, "9.73"), (20872800000.0, "20872800000"), (-0.13, "-0.13"), (0.1, "0.1")],
)
def test_a_float_becomes_the_decimal_it_prints_as(value: float, expected: str) -> None:
    assert cells.exact(value) == Decimal(expected)


def test_not_a_number_is_absent() -> None:
    assert cells.exact(float("nan")) is None
    assert cells.exact(float("inf")) is None
    assert cells.exact(None) is None


@pytest.mark.parametrize(
    ("word", "basis"),
    [
        ("Consolidated", Basis.CONSOLIDATED),
        ("Non-Consolidated", Basis.STANDALONE),
        ("Standalone", Basis.STANDALONE),
        ("", None),
        (None, None),
    ],
)
def test_a_basis_is_read_or_unknown(word: object, basis: Basis | None) -> None:
    assert cells.basis(word) is basis


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("INTEGRATED_FILING_BANKING_1.xml", "bank"),
        ("NBFC_INDAS_1.xml", "nbfc"),
        ("LI_1.xml", "insurer"),
        ("INDAS_1.xml", "general"),
        ("NONINDAS_1.xml", "general"),
    ],
)
def test_the_document_name_tells_the_family(name: str, family: str) -> None:
    assert family_of(name) == family


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("30-Oct-2023", date(2023, 10, 30)),
        ("November 14, 2017", date(2017, 11, 14)),
        ("14th November 2017", date(2017, 11, 14)),
        ("31 September 2017", None),
    ],
)
def test_meeting_days_in_words(words: str, day: date | None) -> None:
    assert meeting_day(words) == day


def test_only_a_coming_results_meeting_is_expected() -> None:
    body = "Board Meeting to be held on November 14, 2017 to consider Financial Results"
    before, after = moment("2017-11-06T10:00:00"), moment("2017-11-20T10:00:00")
    found = meeting_of("X", before, "Board Meeting Intimation", body)
    assert found is not None
    assert found["meeting_date"] == date(2017, 11, 14)
    assert meeting_of("X", after, "Board Meeting Intimation", body) is None
    assert meeting_of("X", before, "Outcome of Board Meeting", body) is None
    other = body.replace("Financial Results", "a bonus issue")
    assert meeting_of("X", before, "Board Meeting Intimation", other) is None


def test_paths_of_this_machine_are_not_needed() -> None:
    assert cells.base_name(str(Path("folder") / "B.PDF")) == "b.pdf"
