"""Cover letters and notes: the words around the statement."""

import random
from collections.abc import Sequence

from dexter.domain.period import Quarter
from tests.extraction.synthetic.names import Company
from tests.extraction.synthetic.paper import Paper

_NOTES = (
    (
        "1. The above results were reviewed by the Audit Committee and approved by the "
        "Board of Directors at its meeting held on {day}."
    ),
    (
        "2. The results have been prepared in accordance with the Indian Accounting "
        "Standards notified under Section 133 of the Companies Act, 2013."
    ),
    "3. The Company operates in one reportable segment.",
    "4. Figures of the previous periods have been regrouped where necessary.",
    (
        "5. The figures of the last quarter are balancing figures between the audited "
        "figures of the full year and the year to date figures up to the third quarter."
    ),
)
_LETTER = (
    "To,",
    "The Listing Department, The Stock Exchange",
    "",
    "Sub: Outcome of the Board Meeting held on {day}",
    "",
    "Dear Sir / Madam,",
    "Pursuant to Regulation 30 and 33 of the SEBI (Listing Obligations and Disclosure",
    "Requirements) Regulations, 2015, we inform you that the Board of Directors has",
    "approved the financial results for the quarter ended {end}, which are",
    "enclosed together with the Limited Review Report of the Statutory Auditors.",
    "The meeting commenced at 2.30 p.m. and concluded at 4.15 p.m.",
    "",
    "Kindly take the same on record.",
    "Yours faithfully,",
)


def notes(rng: random.Random, quarter: Quarter) -> Sequence[str]:
    """A few notes, as stand under most statements."""
    day = f"{quarter.next.end:%B} {rng.randint(3, 28)}, {quarter.next.end:%Y}"
    return [one.format(day=day) for one in _NOTES[: rng.randint(1, len(_NOTES))]]


def cover(rng: random.Random, paper: Paper, who: Company, quarter: Quarter) -> None:
    """An outcome letter on a page of its own."""
    y = 60.0
    after = quarter.next
    day = f"{rng.randint(5, 28)}.{after.start.month + 1:02d}.{after.start.year}"
    paper.text((paper.width / 2, y), who.name, ("Helvetica-Bold", 14), "centre")
    paper.text((paper.width / 2, y + 16), who.address, ("Helvetica", 9), "centre")
    y += 60
    for line in _LETTER:
        text = line.format(day=day, end=f"{quarter.end:%d.%m.%Y}")
        paper.text((50, y), text, ("Helvetica", 10))
        y += 15
    paper.text((50, y + 10), f"For {who.name}", ("Helvetica", 10))
    paper.text((50, y + 50), f"{who.signs}, Company Secretary", ("Helvetica", 10))
