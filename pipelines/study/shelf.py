"""The studies that can be run, by name."""

from collections.abc import Mapping

from dexter.errors import UsageError
from pipelines.study import (
    circuits,
    circuits_page,
    measuring,
    pictures,
    seed,
    seed_page,
)
from pipelines.study.study import Study

STUDIES: Mapping[str, Study] = {
    study.spec.name: study
    for study in (
        Study(
            spec=circuits.SPEC,
            size=measuring.size,
            measure=measuring.measure,
            conclude=circuits.conclude,
            verdict=circuits_page.verdict,
            sections=circuits_page.sections,
            pictures=pictures.circuits,
        ),
        Study(
            spec=seed.SPEC,
            size=seed.size,
            measure=seed.measure,
            conclude=seed.conclude,
            verdict=seed_page.verdict,
            sections=seed_page.sections,
            pictures=pictures.seed,
        ),
    )
}


class UnknownStudyError(UsageError):
    """No study goes by that name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no study called {name!r}.",
            f"The studies are {', '.join(STUDIES)}.",
        )


def study_called(name: str) -> Study:
    """A study by its name.

    Raises:
        UnknownStudyError: there is none.
    """
    if name not in STUDIES:
        raise UnknownStudyError(name)
    return STUDIES[name]
