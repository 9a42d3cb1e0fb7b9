"""Announcements between results: headlines good, bad and dull."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from companies import Company
from quarters import Q1_FY26
from roster import BY_SYMBOL
from schedule import AS_OF, REVISED_PDF_AT, Release


@dataclass(frozen=True)
class Notice:
    """One exchange announcement.

    Attributes:
        subject: The exchange's category (``desc``).
        text: What the company is said to have informed, often empty.
        attachment: Name of the attached file, if any.
    """

    company: Company
    at: datetime
    subject: str
    text: str
    attachment: str | None = None


BAGGED = "Bagging/Receiving of orders/contracts"
HEADLINES = (
    (
        "DHRUVAERO",
        "2025-04-16 11:05:31",
        BAGGED,
        "regarding a seven-year order worth Rs 412 crore for landing gear "
        "assemblies, the largest in its history",
    ),
    (
        "DHRUVAERO",
        "2025-06-24 17:48:02",
        "Credit Rating",
        "about Credit Rating: long-term rating upgraded to A+ with a positive outlook",
    ),
    (
        "KAVCAB",
        "2025-06-05 15:41:19",
        BAGGED,
        "about a record order of Rs 186 crore for high-voltage cables from a state "
        "utility",
    ),
    (
        "KAVCAB",
        "2025-07-22 12:14:40",
        "Acquisition",
        "about commissioning of its second extrusion line ahead of schedule",
    ),
    (
        "RANGOLIRET",
        "2025-06-18 18:22:10",
        "Resignation",
        "about resignation of its Chief Financial Officer, Chief Merchandising "
        "Officer also leaves",
    ),
    (
        "RANGOLIRET",
        "2025-07-30 19:05:44",
        "Clarification",
        "RANGOLIRET:The Exchange has sought clarification from {} with respect to a "
        "news item on weak demand, store closures and rising unsold inventory",
    ),
    (
        "HIMPOWER",
        "2025-04-11 16:30:27",
        "General Updates",
        "that both units of the Baspa Lower station resumed generation after "
        "restoration of the tunnel",
    ),
    (
        "HIMPOWER",
        "2023-07-19 09:12:05",
        "Disruption of operations",
        "about shutdown of the Baspa Lower station after flood damage, loss of "
        "generation expected",
    ),
    (
        "TARANGTEX",
        "2025-07-03 20:16:33",
        "Credit Rating",
        "about Credit Rating: downgraded to BB- with a negative outlook on mounting "
        "losses and stretched liquidity",
    ),
    (
        "TARANGTEX",
        "2025-05-19 13:37:58",
        "Action(s) initiated or orders passed",
        "about a penalty imposed by the pollution control board and suspension of a "
        "dye house",
    ),
    (
        "PALASHCHEM",
        "2025-07-09 11:52:46",
        "Updates",
        "about successful completion of the environmental audit at Vapi with no "
        "adverse observation",
    ),
    (
        "SECTOR7",
        "2025-06-27 16:03:13",
        "Product launch",
        "about the launch of a millet snack range in six states",
    ),
    (
        "VAIGAIPH",
        "2025-07-25 10:28:21",
        "Updates",
        "that the inspection of its Madurai plant closed with four observations",
    ),
    (
        "VAIGAIPH",
        "2025-03-12 18:44:09",
        "Updates",
        "about approval to sell a generic antihypertensive abroad",
    ),
    (
        "KAVCEM",
        "2025-06-12 15:10:50",
        "Updates",
        "about growth of 6 per cent in dispatches in May and firm prices in the south",
    ),
    (
        "NILCAST",
        "2025-07-16 17:33:37",
        "Strike",
        "about a strike at its Belagavi foundry and a halt of production for nine days",
    ),
    (
        "CHINARBANK",
        "2025-07-03 08:21:15",
        "Updates",
        "about provisional business figures: advances grew 12 per cent and deposits "
        "11 per cent over the year",
    ),
    (
        "SETUFIN",
        "2025-07-02 19:27:42",
        "Updates",
        "about strong growth of 21 per cent in disbursements of the quarter",
    ),
    (
        "SETUFIN",
        "2025-01-21 17:14:12",
        "Stock Split",
        "about approval of sub-division of each share of Rs 10 into five shares of "
        "Rs 2",
    ),
)
"""Ticker, time, category, and what the company said."""
ROUTINE = (
    ("Analysts/Institutional Investor Meet/Con. Call Updates", 1, 10),
    ("Press Release", 0, 1),
    ("Investor Presentation", 0, 2),
    ("Copy of Newspaper Publication", 1, 11),
)


def notices(
    releases: dict[tuple[str, int], Release], attached: dict[tuple[str, int, bool], str]
) -> list[Notice]:
    """Every announcement up to the sample's evening, oldest first."""
    found = [
        Notice(BY_SYMBOL[s], datetime.fromisoformat(at), subject, _told(s, text))
        for s, at, subject, text in HEADLINES
    ]
    for (symbol, index), release in releases.items():
        found += _season(release, attached.get((symbol, index, False)))
    found.append(
        Notice(
            BY_SYMBOL["PALASHCHEM"],
            REVISED_PDF_AT,
            "Financial Result Updates",
            "Palash Chemicals Limited has submitted to the Exchange the revised "
            "standalone financial results for the quarter ended June 30, 2025",
            attached["PALASHCHEM", Q1_FY26, True],
        )
    )
    return sorted(
        (n for n in found if n.at <= AS_OF), key=lambda n: (n.at, n.company.symbol)
    )


def _told(symbol: str, text: str) -> str:
    name = BY_SYMBOL[symbol].name
    if "{}" in text:
        return text.format(name)
    return f"{name} has informed the Exchange {text}"


def _season(release: Release, attachment: str | None) -> list[Notice]:
    company, quarter = release.company, release.quarter
    subject = release.source.removeprefix("ann:")
    if subject == "xbrl_broadcast":
        subject = "Financial Result Updates"
    recent = attachment is not None
    text = (
        f"{company.name} has submitted to the Exchange the financial results for the "
        f"period ended {quarter.end:%B %d, %Y}."
        if recent
        else ""
    )
    found = [Notice(company, release.published, subject, text, attachment)]
    rng = Random(f"notices/{company.symbol}/{quarter.index}")
    for routine, low, high in ROUTINE:
        if rng.random() < 0.45:
            later = timedelta(hours=rng.randint(low, high), minutes=rng.randint(1, 59))
            found.append(Notice(company, release.published + later, routine, ""))
    return found
