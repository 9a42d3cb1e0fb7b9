"""What a reading that did not come back from its process is called."""

from collections.abc import Callable

from dexter.errors import (
    DexterError,
    DocumentError,
    DocumentTooLargeError,
    HostileDocumentError,
    WorkerDiedError,
    WorkerLateError,
    WorkerMemoryError,
)
from dexter.extraction.result import Extraction

Read = Callable[[str, bytes], Extraction]


def refusal(name: str, error: BaseException) -> DocumentError:
    """Any way a reading can fail, as a refusal of its document.

    Args:
        name: What the document is called.
        error: What its future holds.
    """
    match error:
        case DocumentError():
            return error
        case WorkerLateError():
            what = f"took more than {error.seconds:g} seconds to read"
            return DocumentTooLargeError(name, what, error.hint)
        case WorkerMemoryError():
            what = f"needs more memory to read than the {error.megabytes:,} MB allowed"
            return DocumentTooLargeError(name, what, error.hint)
        case WorkerDiedError():
            return HostileDocumentError(name, "its reader crashed")
        case DexterError():
            return DocumentError(name, error.sentence.rstrip("."), error.hint)
    return DocumentError(name, f"its reader failed ({type(error).__name__})")
