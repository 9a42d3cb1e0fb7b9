"""How well a row's words say a line of the statement."""

from dexter.domain.statement import Item
from dexter.extraction.proof.labels import row_score
from dexter.extraction.tables.table import Row


def row(label: str, above: str = "", below: str = "") -> Row:
    return Row(label=label, above=above, below=below, cells=(), middle=0.0)


def test_a_dash_below_does_not_lend_its_name() -> None:
    """A bank's provisions, cut short on a scan, above exceptional items of nil."""
    provisions = row("tax)", below="Exceptional items")
    assert row_score(Item.EXCEPTIONAL, provisions) < 30


def test_a_label_that_goes_on_below_is_still_read() -> None:
    assert row_score(Item.EXCEPTIONAL, row("Exceptional", below="items")) > 66
    assert row_score(Item.EXCEPTIONAL, row("", below="Exceptional items")) > 66
    share = row("Share of profit of", below="associates")
    assert row_score(Item.SHARE_OF_ASSOCIATES, share) > 66
