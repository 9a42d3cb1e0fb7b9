"""Data coming in from folders: ``import_folder`` and ``ensure_sample``.

Both load at first use: the sample is checked on the way to every answer, which must
not wait for pandas.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.ingest.folder import import_folder
    from pipelines.ingest.report import FileFault, ImportReport, Progress
    from pipelines.ingest.sample import ensure_sample

__all__ = ["FileFault", "ImportReport", "Progress", "ensure_sample", "import_folder"]

_HOMES = {
    "FileFault": "report",
    "ImportReport": "report",
    "Progress": "report",
    "ensure_sample": "sample",
    "import_folder": "folder",
}


def __getattr__(name: str) -> object:
    """Load a public name from the module it lives in."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"pipelines.ingest.{_HOMES[name]}"), name)
