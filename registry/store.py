"""Models in folders: shipped ones on the shelf, trained ones in the home.

::

    <folder>/champion                the version shipped in charge (on the shelf only)
    <folder>/index.jsonl             hashes of what was registered, in lines
    <folder>/aliases.jsonl           who was champion and challenger, in lines
    <folder>/experiments.jsonl       experiments begun and ended, in lines
    <folder>/.twins/<version>.onnx   what serves single rows
    <folder>/<version>/manifest.json
    <folder>/<version>/…             weights in their libraries' own formats, reports

Nothing here is ever pickled. Reading takes no lock and writes nothing; writers take
turns, in one process or several.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from dexter.errors import HomeUnwritableError, IntegrityError, PredictorError
from registry import folders, lines
from registry.aliases import (
    CHAMPION_FILE,
    Act,
    Alias,
    current,
    earlier,
)
from registry.index import Index
from registry.manifest import MANIFEST_FILE, Manifest
from registry.models import Models
from registry.registered import (
    Registered,
    UnknownModelError,
    VersionTakenError,
)
from registry.verdict import (
    Promoted,
    PromotionRefusedError,
    promotion,
    registration,
)

__all__ = ["MANIFEST_FILE", "ModelStore"]


class ModelStore(Models):
    """The same models, for those who also write."""

    def register(
        self,
        manifest: Manifest,
        files: Mapping[str, bytes],
        *,
        at: datetime | None = None,
    ) -> Registered:
        """Keep a model in the home as the challenger; the first of all is champion.

        The folder appears whole or not at all. The same model again changes nothing.

        Args:
            manifest: Names the version and the hash of every file.
            files: Content of each file the manifest names.
            at: When, for the log.

        Raises:
            DamagedModelError: the files are not those of the manifest, or do not give
                the scores it says; then no alias names the version.
            VersionTakenError: the version was registered with other weights.
            HomeUnwritableError: the home cannot be written.
        """
        text = folders.hold(manifest, files)
        with lines.locked(self._own):
            self._keep(manifest, text, files)
            self._proven(manifest.version)
            acts = self._log.acts()
            champion = self._champion(acts)
            challenger = current(acts, Alias.CHALLENGER)
            if manifest.version not in {champion, challenger}:
                act = registration(manifest, champion, challenger, at)
                self._log.append(act)
        return self.show(manifest.version)

    def promote(
        self,
        version: str,
        *,
        catalogue: str | None = None,
        force: str | None = None,
        at: datetime | None = None,
    ) -> Promoted:
        """Put a model in charge if the rule says so, once it has proven itself.

        Args:
            version: The model.
            catalogue: The hash of the features this code makes, see ``decide``.
            force: Why it is put in charge whatever the rule says; recorded.
            at: When, for the log.

        Raises:
            UnknownModelError: no model goes by that version.
            IntegrityError: its files do not hold together.
            PromotionRefusedError: a check of the rule does not hold.
            HomeUnwritableError: the home cannot be written.
        """
        # numpy comes with the rule; listing models must not pay for that.
        from registry.promotion import decide  # noqa: PLC0415

        registered = self._proven(version)
        with lines.locked(self._own):
            before = self._champion(self._log.acts())
            champion = None if before is None else self._lenient(before)
            verdict = decide(champion, registered.manifest, catalogue=catalogue)
            if before != version:
                if not (verdict.promote or force):
                    raise PromotionRefusedError(version, verdict)
                act = promotion(registered.manifest, before, verdict, force, at)
                self._log.append(act)
        with suppress(HomeUnwritableError):  # it serves without a twin, only slower
            self._twins.make(registered)
        return Promoted(
            self.show(version),
            verdict,
            twin=self._twins.load(registered) is not None,
            changed=before != version,
        )

    def rollback(
        self, *, reason: str = "asked for", at: datetime | None = None
    ) -> Registered:
        """Put the champion before this one in charge again, as a new act.

        Raises:
            PredictorError: there was none before it.
            IntegrityError: its files do not hold together.
            HomeUnwritableError: the home cannot be written.
        """
        with lines.locked(self._own):
            acts = self._log.acts()
            version = earlier(acts)
            if version is None:
                message = "There is no earlier champion to go back to."
                hint = "See the models with `dexter models list`."
                raise PredictorError(message, hint)
            self._proven(version)
            act = Act(
                at=at,
                act="rolled_back",
                alias=Alias.CHAMPION,
                version=version,
                before=self._champion(acts),
                reason=reason,
                by="person",
            )
            self._log.append(act)
        return self.show(version)

    def make_twin(self, version: str) -> bool:
        """Make what serves single rows, where the model can have it; whether it has.

        Raises:
            IntegrityError: the model's files do not hold together.
            HomeUnwritableError: the home cannot be written.
        """
        return self._twins.make(self.show(version))

    def ship(self, version: str) -> Registered:
        """Copy a model of the home onto the shelf, as the champion it is shipped with.

        The events it was judged by stay at home: they are rows of somebody's data.
        Their report goes along in their place.

        Raises:
            UnknownModelError: no model goes by that version.
            IntegrityError: its files do not hold together.
            HomeUnwritableError: home or shelf cannot be written.
        """
        registered = self.verify(version)
        with lines.locked(self._own):
            if not (self._shelf / version).exists():
                from registry.record import without_events  # noqa: PLC0415 - heavy

                manifest, files = without_events(registered)
                content = f"{manifest.model_dump_json(indent=1)}\n".encode()
                index = Index(self._shelf)
                self._shelf.mkdir(parents=True, exist_ok=True)
                folders.write(self._shelf, version, content, files, index)
            lines.replace(self._shelf / CHAMPION_FILE, f"{version}\n".encode())
        return self._read(self._shelf, version, self._log.acts())

    def _keep(
        self, manifest: Manifest, text: bytes, files: Mapping[str, bytes]
    ) -> None:
        version = manifest.version
        if not (self._own / version).exists():
            folders.write(self._own, version, text, files, Index(self._own))
            return
        kept = self._read(self._own, version, ()).manifest
        if _weights(kept) != _weights(manifest):
            raise VersionTakenError(version)

    def _lenient(self, version: str) -> Manifest | None:
        """The manifest in charge; one that is gone or damaged keeps nobody out."""
        try:
            return self.show(version).manifest
        except (IntegrityError, UnknownModelError):
            return None


def _weights(manifest: Manifest) -> list[str]:
    return [manifest.files[member.file] for member in manifest.members]
