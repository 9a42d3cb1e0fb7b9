"""What a seed decides before anything is drawn."""

from dataclasses import dataclass

from dexter.domain.period import Quarter
from tests.extraction.synthetic import columns
from tests.extraction.synthetic.books import Family
from tests.extraction.synthetic.chance import chooser, weighted
from tests.extraction.synthetic.traps import Trap


@dataclass(frozen=True, slots=True)
class Plan:
    """What all statements of a file share."""

    seed: int
    family: Family
    last: Quarter
    arrangement: str
    rounded: bool
    count: int
    trap: Trap | None


def plan(seed: int, trap: Trap | None = None, arrangement: str | None = None) -> Plan:
    rng = chooser("plan", seed)
    family = weighted(
        rng,
        {
            Family.GENERAL: 5.0,
            Family.GROUP: 2.5,
            Family.OLDER: 2.5,
            Family.BANK: 1.0,
            Family.NBFC: 1.3,
        },
    )
    if trap is Trap.NO_BASIS and rng.random() < 0.5:
        family = Family.GROUP
    years = (2012, 2017) if family is Family.OLDER else (2018, 2026)
    last = Quarter(rng.randint(*years), rng.randint(1, 4))
    kinds = {"one": 6.0, "pair": 3.0, "beside": 0.6, "continued": 0.6}
    chosen = weighted(rng, kinds)
    if trap is Trap.SWAPPED and last.number == 1:
        last = last.next
    count = columns.pick(rng, last)
    if trap is Trap.SWAPPED:
        count = max(count, 5)
    rounded = rng.random() < 0.12
    return Plan(seed, family, last, arrangement or chosen, rounded, count, trap)
