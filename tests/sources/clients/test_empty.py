"""Nothing is empty unless the exchange says so."""

import pytest

from dexter.errors import (
    NotYetPublishedError,
    SourceShapeError,
    SourceUnavailableError,
)
from dexter.sources.reading import read
from tests.sources.clients.rows import as_json
from tests.sources.clients.sheets import NO_CHANGES

NOBODY: dict[str, object] = {"AllSec": {"data": []}}


@pytest.mark.parametrize(
    "dataset",
    ["bse announcements", "bse result calendar", "bse scrip master"],
)
def test_no_record_found_proves_nothing(dataset: str) -> None:
    with pytest.raises(SourceUnavailableError, match="No Record Found!"):
        read(dataset, "", "", b'"No Record Found!"')


def test_a_master_is_never_empty() -> None:
    with pytest.raises(SourceUnavailableError):
        read("bse scrip master", "", "", b"[]")


@pytest.mark.parametrize(
    "answer",
    [
        {"equityResponse": None},
        {"equityResponse": []},
        {"equityResponse": [{"metaData": {"symbol": None}, "priceInfo": None}]},
        {"metaData": {"symbol": "NOSUCH", "series": None, "marketType": "N"}},
        {},
    ],
)
def test_an_unknown_symbol_is_not_an_empty_quote(answer: object) -> None:
    with pytest.raises(NotYetPublishedError):
        read("nse quote", "", "", as_json(answer))


@pytest.mark.parametrize("dataset", ["bse result calendar", "bse results index"])
def test_a_list_may_be_a_table(dataset: str) -> None:
    assert read(dataset, "", "", b'{"Table": []}').records == ()


def test_a_quote_that_lost_its_symbol_changed_its_shape() -> None:
    answer = {"equityResponse": [{"metaData": {"open": 5.0}}]}
    with pytest.raises(SourceShapeError, match=r"metaData\.symbol vanished"):
        read("nse quote", "", "", as_json(answer))


def test_hitters_that_are_counted_must_be_shown() -> None:
    none = {"upper": NOBODY, "lower": NOBODY, "both": NOBODY}
    assert read("nse band hitters", "", "", as_json(none)).records == ()
    counted = {**none, "count": {"UPPER": 3}}
    with pytest.raises(SourceUnavailableError, match="counts"):
        read("nse band hitters", "", "", as_json(counted))


def test_a_list_of_changes_may_say_nil() -> None:
    assert read("nse band changes", "", "", NO_CHANGES.encode()).records == ()
