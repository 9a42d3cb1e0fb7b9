"""The log of experiments, beside that of the aliases; the last line counts."""

from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from registry import lines
from registry.experiment import (
    EXPERIMENTS_FILE,
    Experiment,
    ExperimentError,
    NoExperimentError,
    Step,
    running,
)


class ExperimentLog:
    """The experiments of a home; one runs at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / EXPERIMENTS_FILE

    def steps(self) -> tuple[Step, ...]:
        """Every experiment begun and ended, oldest first.

        Raises:
            IntegrityError: a line does not read.
        """
        return tuple(
            self._step(number, line)
            for number, line in enumerate(lines.read(self._path), 1)
        )

    def running(self) -> Experiment | None:
        """The experiment that runs; null when none does."""
        return running(self.steps())

    def begin(self, experiment: Experiment) -> None:
        """Start an experiment.

        Raises:
            ExperimentError: another one runs.
            HomeUnwritableError: the home cannot be written.
        """
        with lines.locked(self._folder):
            other = self.running()
            if other is not None:
                why = f"{other.name} is running, and one runs at a time"
                raise ExperimentError(why)
            self._append(
                Step(at=experiment.started, act="started", experiment=experiment)
            )

    def end(self, reason: str, at: datetime | None) -> Experiment:
        """Stop the experiment that runs; the champion speaks for all again.

        Raises:
            NoExperimentError: none runs.
            HomeUnwritableError: the home cannot be written.
        """
        with lines.locked(self._folder):
            experiment = self.running()
            if experiment is None:
                raise NoExperimentError
            self._append(
                Step(at=at, act="stopped", experiment=experiment, reason=reason)
            )
        return experiment

    def _append(self, step: Step) -> None:
        lines.append(self._path, [step.model_dump(mode="json")])

    def _step(self, number: int, line: dict[str, object]) -> Step:
        try:
            return Step.model_validate(line)
        except ValidationError as error:
            raise lines.DamagedLinesError(self._path, number) from error
