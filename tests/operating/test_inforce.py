"""What is in force, and who said it."""

from decimal import Decimal
from pathlib import Path

from dexter.operating import Operating, read
from dexter.operating.inforce import Origin, Said, in_force
from tests.operating.test_reading import FULL, written


def _by_key(operating: Operating) -> dict[str, Said]:
    return {one.key: one for one in in_force(operating, {})}


def test_without_a_file_all_of_it_is_default() -> None:
    found = _by_key(Operating())
    assert {one.origin for one in found.values()} == {Origin.DEFAULT}
    assert found["alerts.quiet"].value is None
    assert found["recipients"].value == ()
    assert found["alerts.rules[2]"].value == {
        "name": "good score",
        "priority": "medium",
        "blockbuster": Decimal(60),
        "coverage": Decimal("0.5"),
    }


def test_what_the_file_says_is_told_from_what_it_leaves_out(tmp_path: Path) -> None:
    found = _by_key(read(written(tmp_path, FULL)))
    own = {key for key, one in found.items() if one.origin is Origin.FILE}
    assert {"watch.symbols", "alerts.quiet.from", "recipients[1]"} <= own
    assert {"alerts.rules[0]", "email.security", "daily.poll_minutes"} <= own
    assert not own & {
        "email.port",
        "email.host",
        "daily.concurrency",
        "webhook.timeout",
    }
    assert found["email.port"].value == 587


def test_a_value_said_to_be_the_default_is_still_said(tmp_path: Path) -> None:
    found = _by_key(read(written(tmp_path, "recipients = []\ndaily.poll_minutes = 5")))
    assert found["recipients"].origin is Origin.FILE
    assert found["daily.poll_minutes"].origin is Origin.FILE


def test_something_else_can_have_the_last_word() -> None:
    over = Said("budgets.usd_per_day", Decimal(7), Origin.ENVIRONMENT)
    found = {one.key: one for one in in_force(Operating(), {over.key: over})}
    assert found["budgets.usd_per_day"] == over
    assert found["budgets.usd_per_run"].origin is Origin.DEFAULT
