"""What banks tell besides profit: bad loans, provisions, capital, cost."""

from dexter.domain.evidence import Measure
from dexter.features.columns import Column, difference, ratio
from dexter.features.known import Known
from dexter.features.quarters import YEAR, Book
from dexter.features.spec import Category, FeatureSpec


def _spec(
    name: str,
    about: str,
    formula: str,
    inputs: tuple[str, ...],
    absent: str,
    unit: Measure = Measure.FRACTION,
) -> FeatureSpec:
    look_back = "5 quarters" if name.endswith("_change") else "1 quarter"
    return FeatureSpec(
        name, unit, Category.FINANCIAL, about, formula, inputs, look_back, absent
    )


_UNTOLD = "not told (only banks and lenders tell it)"
_INTEREST = ("interest_earned", "interest_expended", "total_income")
SPECS: tuple[FeatureSpec, ...] = (
    _spec(
        "gross_npa_ratio",
        "non-performing loans' share of all loans",
        "gross_npa_ratio as told",
        ("gross_npa_ratio",),
        _UNTOLD,
    ),
    _spec(
        "net_npa_ratio",
        "the same after provisions",
        "net_npa_ratio as told",
        ("net_npa_ratio",),
        _UNTOLD,
    ),
    _spec(
        "gross_npa_change",
        "gross NPA ratio minus that of a year before",
        "gross_npa_ratio - gross_npa_ratio of the same quarter a year before",
        ("gross_npa_ratio",),
        _UNTOLD,
        Measure.POINTS,
    ),
    _spec(
        "net_interest_share",
        "interest kept, as a share of total income",
        "(interest_earned - interest_expended) / total_income",
        _INTEREST,
        _UNTOLD + "; total income not positive",
    ),
    _spec(
        "cost_to_income",
        "operating cost over income net of interest expended",
        "1 - operating_profit / (total_income - interest_expended)",
        ("operating_profit", "total_income", "interest_expended"),
        _UNTOLD + "; income net of interest not positive",
    ),
    _spec(
        "provisions_share",
        "provisions' share of profit before them",
        "provisions / operating_profit",
        ("provisions", "operating_profit"),
        _UNTOLD + "; operating profit not positive",
    ),
    _spec(
        "cet1_ratio",
        "common equity over risk-weighted assets",
        "cet1_ratio as told",
        ("cet1_ratio",),
        _UNTOLD,
    ),
)


def compute(known: Known) -> dict[str, Column]:
    """Features of lenders; absent for everyone else."""
    book = Book(known.quarters)
    income, operating = book.at("total_income"), book.at("operating_profit")
    expended = book.at("interest_expended")
    net = income - expended
    bad = _told(book, "gross_npa_ratio")
    return {
        "gross_npa_ratio": bad,
        "net_npa_ratio": _told(book, "net_npa_ratio"),
        "gross_npa_change": difference(bad, _told(book, "gross_npa_ratio", YEAR)),
        "net_interest_share": Column.of(
            ratio(book.at("interest_earned") - expended, income),
            *book.unknown(*_INTEREST),
            (income <= 0, "total income was not positive"),
        ),
        "cost_to_income": Column.of(
            ratio(net - operating, net),
            *book.unknown("operating_profit", "total_income", "interest_expended"),
            (net <= 0, "income net of interest was not positive"),
        ),
        "provisions_share": Column.of(
            ratio(book.at("provisions"), operating),
            *book.unknown("provisions", "operating_profit"),
            (operating <= 0, "operating profit was not positive"),
        ),
        "cet1_ratio": _told(book, "cet1_ratio"),
    }


def _told(book: Book, name: str, back: int = 0) -> Column:
    return Column.of(book.at(name, back), *book.absent(name, back))
