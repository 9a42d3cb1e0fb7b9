"""Reading registered models: no lock is taken and nothing is written."""

from pathlib import Path
from typing import TYPE_CHECKING

from dexter.errors import IntegrityError
from registry import folders
from registry.aliases import CHAMPION_FILE, Act, Alias, AliasLog, current, words
from registry.best import NothingMeasuredError, ranked
from registry.experiment import Experiment
from registry.experiment_log import ExperimentLog
from registry.index import Index
from registry.manifest import MANIFEST_FILE, is_name
from registry.registered import NoChampionError, Registered, UnknownModelError
from registry.twins import Twins

if TYPE_CHECKING:
    from registry.scoring import ScoringModel


class Models:
    """Every model at hand; the home's come before the shelf's."""

    def __init__(self, shelf: Path, home: Path) -> None:
        self._shelf = shelf
        self._own = home / "models"
        self._log = AliasLog(self._own)
        self._twins = Twins(self._own)
        self.experiments = ExperimentLog(self._own)

    def versions(self) -> tuple[Registered, ...]:
        """All models, sorted by the day they were trained until, then by version.

        Raises:
            IntegrityError: one of them is damaged.
        """
        found, damaged = self.survey()
        for error in damaged:
            raise error
        return found

    def survey(self) -> tuple[tuple[Registered, ...], tuple[IntegrityError, ...]]:
        """All models that read, sorted as in ``versions``, and what ails the others."""
        found: dict[str, Registered] = {}
        damaged: dict[str, IntegrityError] = {}
        acts = self._log.acts()
        for folder in (self._own, self._shelf):
            for version in folders.names(folder):
                if version in found or version in damaged:
                    continue
                try:
                    found[version] = self._read(folder, version, acts)
                except IntegrityError as error:
                    damaged[version] = error
        order = sorted(
            found.values(), key=lambda m: (m.manifest.trained_until, m.manifest.version)
        )
        return tuple(order), tuple(damaged.values())

    def show(self, version: str) -> Registered:
        """One model.

        Raises:
            UnknownModelError: no model goes by that version.
            IntegrityError: its manifest does not read, or was edited.
        """
        for folder in (self._own, self._shelf):
            if is_name(version) and (folder / version / MANIFEST_FILE).is_file():
                return self._read(folder, version, self._log.acts())
        raise UnknownModelError(version)

    def champion(self) -> Registered:
        """The model in charge: the home's choice, else the shipped one.

        Raises:
            NoChampionError: there is none.
            IntegrityError: its manifest does not read, or was edited.
        """
        version = self._champion(self._log.acts())
        if version is None:
            raise NoChampionError
        return self.show(version)

    def challenger(self) -> Registered | None:
        """The model registered last, unless it is in charge; null when there is none.

        Raises:
            IntegrityError: its manifest does not read, or was edited.
        """
        version = current(self._log.acts(), Alias.CHALLENGER)
        return None if version is None else self.show(version)

    def history(self) -> tuple[Act, ...]:
        """Every act on the aliases, oldest first."""
        return self._log.acts()

    def best(self, label: str, metric: str = "skill", group: str = "all") -> Registered:
        """The model of a label that a metric puts first.

        Raises:
            UnknownMetricError: nothing of that name is measured.
            NothingMeasuredError: no model of the label has it.
            IntegrityError: a model is damaged, so nobody knows which is best.
        """
        models = (m for m in self.versions() if m.manifest.label == label)
        for first in ranked(models, metric, group):
            return first
        raise NothingMeasuredError(label, metric, group)

    def experiment(self) -> Experiment | None:
        """The experiment that runs; null when none does."""
        return self.experiments.running()

    def verify(self, version: str) -> Registered:
        """Hold a model and its twin against their hashes and the model's proofs.

        Raises:
            IntegrityError: a file changed, or the model scores otherwise than then.
        """
        registered = self._proven(version)
        self._twins.content(registered)
        return registered

    def scoring(self, registered: Registered) -> "ScoringModel":
        """A model at work, with its twin where it has a usable one.

        Raises:
            IntegrityError: a file is not what was registered.
        """
        from registry.scoring import ScoringModel  # noqa: PLC0415 - imports numpy

        return ScoringModel(registered, self._twins.load(registered))

    def _proven(self, version: str) -> Registered:
        registered = self.show(version)
        self.scoring(registered).prove()
        return registered

    def _champion(self, acts: tuple[Act, ...]) -> str | None:
        shipped = words(self._shelf / CHAMPION_FILE)[:1]
        return current(acts, Alias.CHAMPION) or next(iter(shipped), None)

    def _read(self, folder: Path, version: str, acts: tuple[Act, ...]) -> Registered:
        return Registered(
            manifest=folders.read(folder, version, Index(folder)),
            folder=folder / version,
            shipped=folder == self._shelf,
            champion=version == self._champion(acts),
            challenger=version == current(acts, Alias.CHALLENGER),
        )
