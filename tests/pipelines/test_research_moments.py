"""What people write after --as-of."""

from datetime import datetime, timedelta

import pytest

from dexter.domain.moment import IST
from dexter.errors import MomentError
from pipelines.research import moment_from


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2025-07-14", datetime(2025, 7, 14, 23, 59, 59, tzinfo=IST)),
        ("20250714", datetime(2025, 7, 14, 23, 59, 59, tzinfo=IST)),
        (" 2025-07-14 ", datetime(2025, 7, 14, 23, 59, 59, tzinfo=IST)),
        ("2025-07-14T09:00", datetime(2025, 7, 14, 9, tzinfo=IST)),
        ("2025-07-14 09:00:30", datetime(2025, 7, 14, 9, 0, 30, tzinfo=IST)),
        ("2025-07-14T00:00", datetime(2025, 7, 14, tzinfo=IST)),
        ("2025-07-14T09:00Z", datetime(2025, 7, 14, 14, 30, tzinfo=IST)),
        ("2025-07-14T09:00-05:00", datetime(2025, 7, 14, 19, 30, tzinfo=IST)),
    ],
)
def test_a_date_is_its_last_moment_and_a_time_is_indian(
    text: str, meant: datetime
) -> None:
    found = moment_from(text)
    assert found == meant
    assert found is not None
    assert found.utcoffset() is not None
    if "Z" not in text and "-05" not in text:
        assert found.utcoffset() == timedelta(hours=5, minutes=30)


def test_nothing_said_is_nothing_meant() -> None:
    assert moment_from(None) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "yesterday", "2025", "2025-7-1", "14/07/2025", "१४"),
        *("2025-W29", "2025-W29-1", "2025-02-30", "2025-07-14T25:00"),
        *("0001-01-01", "1066-10-14T09:00"),
    ],
)
def test_what_is_no_moment_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(MomentError) as refused:
        moment_from(text)
    assert "2024-07-13" in refused.value.hint
