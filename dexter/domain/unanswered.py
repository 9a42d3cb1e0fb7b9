"""Why a part of a question goes unanswered, in code's own words."""

from enum import StrEnum


class Why(StrEnum):
    """What keeps a phrase of a question from being answered."""

    FIGURE = "figure"
    PART = "part"
    SPAN = "span"
    CURRENCY = "currency"
    PICKED = "picked"
    SIZE = "size"

    @property
    def sentence(self) -> str:
        """The reason as the answer gives it."""
        return _SENTENCES[self]


_SENTENCES = {
    Why.FIGURE: "it is not among the figures read and computed here",
    Why.PART: "figures are read as published, of the whole company and no narrower",
    Why.SPAN: (
        "figures are those of quarters, and changes are computed on the same quarter "
        "of the year before or on the quarter before"
    ),
    Why.CURRENCY: "amounts are told in rupees only",
    Why.PICKED: "companies are put in order here, not picked by the size of a figure",
    Why.SIZE: "companies are put in order by its growth here, not by its size",
}
