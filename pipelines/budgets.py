"""What language models may cost: the environment over ``dexter.toml`` over defaults."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from dexter.operating import Budgets
from dexter.operating.inforce import Origin

_RUN, _DAY = "budget_usd_per_run", "budget_usd_per_day"


class Environment(Protocol):
    """What the environment says of budgets, and which of it was said at all."""

    budget_usd_per_run: Decimal
    budget_usd_per_day: Decimal

    @property
    def model_fields_set(self) -> set[str]:
        """The names that are no defaults."""
        ...


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most something may cost, in USD, and who said so."""

    usd: Decimal
    origin: Origin


@dataclass(frozen=True, slots=True)
class Ceilings:
    """The ceilings in force of a run and of a day."""

    run: Ceiling
    day: Ceiling


def ceilings(budgets: Budgets, environment: Environment) -> Ceilings:
    """The ceilings in force."""
    return Ceilings(
        run=_ceiling(budgets.usd_per_run, environment, _RUN),
        day=_ceiling(budgets.usd_per_day, environment, _DAY),
    )


def _ceiling(filed: Decimal | None, environment: Environment, name: str) -> Ceiling:
    said: Decimal = getattr(environment, name)
    if name in environment.model_fields_set:
        return Ceiling(said, Origin.ENVIRONMENT)
    if filed is not None:
        return Ceiling(filed, Origin.FILE)
    return Ceiling(said, Origin.DEFAULT)
