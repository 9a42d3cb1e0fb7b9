"""Invented companies and where they are listed.

Their numbers decide their traps: 3 and 11 of every twenty trade on BSE only (11 under
the NSE ticker of another company), 7 and 13 on NSE only (13 is an SME), 5 in BE, 9 of
forty in BZ; every tenth has futures and no band; 1 of forty is renamed.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.fake_exchange.chance import chance
from tests.fake_exchange.days import Days

_HEADS = (
    "Velo Kara Shun Tari Mano Brin Dova Luth Pera Zeni Gath Orva Nilu Saro Fent Yama"
)
_TAILS = "tira bex mont dara visk lune gol pran sava rix"
_TRADES = (
    ("Alloys", "Iron & Steel"),
    ("Remedies", "Pharmaceuticals"),
    ("Textiles", "Textiles - Synthetic"),
    ("Infotech", "Computers - Software"),
    ("Polymers", "Petrochemicals"),
    ("Foods", "Packaged Foods"),
    ("Cements", "Cement & Cement Products"),
    ("Motors", "Automobiles"),
    ("Finance", "Finance"),
    ("Agro & Chemicals", "Fertilizers & Agrochemicals"),
)
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Company:
    """A listed company; ``former`` was its NSE symbol before ``renamed_on``.

    ``nse`` or ``bse`` is None where it is not listed. ``band`` is the price band in per
    cent at the first session, None for a name without a fixed band.
    """

    number: int
    name: str
    industry: str
    isin: str
    nse: str | None
    bse: int | None
    bse_id: str
    group: str
    series: str
    face: int
    listed: date
    band: int | None
    former: str | None = None
    renamed_on: date | None = None

    def symbol(self, day: date) -> str | None:
        """The NSE symbol on a day."""
        if self.renamed_on and day < self.renamed_on:
            return self.former
        return self.nse

    @property
    def key(self) -> str:
        """The present NSE symbol, else the BSE code as ``BSE:512345``."""
        return self.nse or f"BSE:{self.bse}"

    @property
    def has_futures(self) -> bool:
        """Whether it has no fixed band because it has futures."""
        return self.band is None


def isin_of(number: int) -> str:
    """A well-formed ISIN, check digit included."""
    body = f"INE{number % 1000:03d}{_LETTERS[10 + number // 1000]}0101"
    digits = "".join(str(_LETTERS.index(letter)) for letter in body)
    doubled = [
        sum(divmod(int(d) * 2, 10)) if place % 2 == 0 else int(d)
        for place, d in enumerate(reversed(digits))
    ]
    return f"{body}{-sum(doubled) % 10}"


def companies(seed: int, count: int, days: Days) -> tuple[Company, ...]:
    """The companies of a market, the same for the same seed."""
    made: list[Company] = []
    taken: set[str] = set()
    for number in range(count):
        one = _company(seed, number, taken, days)
        if number % 20 == 11:
            twin = made[number - 4].nse or one.bse_id
            one = replace(one, bse_id=twin)
        made.append(one)
    return tuple(made)


def _company(seed: int, number: int, taken: set[str], days: Days) -> Company:
    draw = chance(seed, "company", number)
    heads, tails = _HEADS.split(), _TAILS.split()
    word = heads[number % len(heads)] + tails[number // len(heads) % len(tails)]
    again = number // (len(heads) * len(tails))
    trade, industry = _TRADES[(number + again) % len(_TRADES)]
    name = f"{word} {trade} Limited" if not again else f"{word} {again} {trade} Limited"
    symbol = _symbol(word, trade, number, taken)
    place = number % 20
    on_nse, on_bse = place not in {3, 11}, place not in {7, 13}
    series = {5: "BE", 13: "SM"}.get(place, "BZ" if number % 40 == 9 else "EQ")
    band = {"BE": 5, "BZ": 5, "SM": 20}.get(series, draw.choice((20, 20, 20, 10, 5, 2)))
    renamed = number % 40 == 1
    sessions = days.sessions
    middle = sessions[len(sessions) // 2] if sessions else days.days[-1]
    return Company(
        number=number,
        name=name,
        industry=industry,
        isin=isin_of(number),
        nse=symbol if on_nse else None,
        bse=500_100 + number * 3 if on_bse else None,
        bse_id=symbol,
        group={"BE": "T", "BZ": "Z"}.get(series, draw.choice("AABBX")),
        series=series,
        face=10 if number % 30 in {4, 8} else draw.choice((1, 2, 5, 10)),
        listed=date(1995, 3, 1) + timedelta(days=draw.randrange(9_000)),
        band=None if number % 10 == 0 else band,
        former=f"OLD{number}{symbol}"[:10] if renamed else None,
        renamed_on=middle if renamed else None,
    )


def _symbol(word: str, trade: str, number: int, taken: set[str]) -> str:
    base = f"{word}{trade[:3]}".upper()[:10]
    if number % 50 == 6:  # tickers with a sign in them break careless URLs
        base = f"{word[:2]}&{word[2:]}".upper()[:10]
    if number % 50 == 16:
        base = f"{word[:4]}-{trade[:4]}".upper()[:10]
    symbol = base if base not in taken else f"{base[:6]}{number}"
    taken.add(symbol)
    return symbol
