"""What a backup says it holds."""

from datetime import datetime
from pathlib import PurePosixPath
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    model_validator,
)

NAME = "MANIFEST.json"
FOLDER = "home"
FORMAT = 1
MOST_BYTES = 256_000_000
"""No manifest is larger; a million documents take 130 MB."""


def plain(name: str) -> str:
    """A path below the home, and nothing that could lead out of it.

    Raises:
        ValueError: it is absolute, climbs, or is spelled in an odd way.
    """
    path = PurePosixPath(name)
    odd = "\\" in name or "\0" in name or path.as_posix() != name
    if odd or not path.parts or path.is_absolute() or ".." in path.parts:
        msg = f"{name!r} is no plain path"
        raise ValueError(msg)
    return name


class Kept(BaseModel):
    """One file: its path below the home, its bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    path: Annotated[str, AfterValidator(plain)]
    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    database: bool = False


class Manifest(BaseModel):
    """Everything a backup holds.

    ``schema_version`` is that of the home's database, null where there was none yet.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    made_at: AwareDatetime
    dexter: str
    schema_version: str | None
    files: tuple[Kept, ...]

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        names = [one.path for one in self.files]
        if len(set(names)) != len(names):
            msg = "a file is named twice"
            raise ValueError(msg)
        return self

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(one.size for one in self.files)

    def text(self) -> bytes:
        """The manifest as it is written; file names of any bytes survive it."""
        return self.model_dump_json(indent=1).encode()


def made(
    files: tuple[Kept, ...], made_at: datetime, dexter: str, schema: str | None
) -> Manifest:
    """The manifest of files just copied."""
    return Manifest(
        format=FORMAT,
        made_at=made_at,
        dexter=dexter,
        schema_version=schema,
        files=files,
    )
