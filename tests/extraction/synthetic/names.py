"""Companies, places and people that do not exist."""

import random
from dataclasses import dataclass

# fmt: off
_FIRST = (
    "Aravind Chaya", "Bhavyanta", "Chandrakosh", "Devnidhi", "Ekaprasth", "Girivan",
    "Hemashila", "Indrakshar", "Jaladhara", "Kausalpura", "Lohitaksh", "Madhurang",
    "Navakriti", "Omshikhar", "Pragvat", "Rituparna", "Sagarmani", "Tarangini",
    "Udayvarsh", "Vanashree", "Yashodip", "Suvarnapath", "Meghdwar", "Nilavarna",
)
_SECOND = (
    "Industries", "Textiles", "Chemicals", "Forgings", "Agro Products", "Polymers",
    "Infotech", "Ceramics", "Pharma", "Steels", "Engineering Works", "Power Systems",
    "Hospitals and Research", "Exports", "Packaging", "Auto Components", "Foods",
)
# fmt: on
_LENDER = ("Finance", "Capital", "Housing Finance", "Credit", "Leasing and Finance")
_STREETS = ("Lotus Marg", "Temple Tank Road", "Old Mill Lane", "Ring Road", "GIDC Road")
_TOWNS = (
    "Rajnagar 360 099",
    "Devpur 411 099",
    "Chandipatnam 530 099",
    "Suryakot 302 099",
    "Malhargarh 452 099",
    "Kaveripuram 641 099",
)
_PEOPLE = ("A. R. Sample", "K. Vrindavan", "S. Mahipal", "R. Nandkeolyar", "P. Iravati")


@dataclass(frozen=True, slots=True)
class Company:
    name: str
    address: str
    number: str
    signs: str


def company(rng: random.Random, kind: str) -> Company:
    """An invented company; ``kind`` is what its name ends in, or empty."""
    first = rng.choice(_FIRST)
    if kind == "bank":
        name = f"{first} Bank Limited"
    elif kind == "nbfc":
        name = f"{first} {rng.choice(_LENDER)} Limited"
    else:
        name = f"{first} {rng.choice(_SECOND)} {rng.choice(('Limited', 'Ltd', 'Ltd.'))}"
    return Company(
        rng.choice((name, name.upper())),
        f"{rng.randint(2, 99)}, {rng.choice(_STREETS)}, {rng.choice(_TOWNS)}",
        f"L{rng.randint(10000, 99999)}XX{rng.randint(1980, 2012)}PLC"
        f"{rng.randint(1, 199999):06d}",
        rng.choice(_PEOPLE),
    )
