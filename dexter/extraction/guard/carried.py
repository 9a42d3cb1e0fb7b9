"""What a PDF carries beside its pages: attachments, scripts, forms, launch actions.

Nothing of it is ever opened or run; it is named, because a statement may sit in an
attachment and because a results filing has no use for a script.
"""

import re

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from pypdfium2 import raw

_LAUNCH = re.compile(rb"/S\s*/Launch\b")
_SCRIPT = re.compile(rb"/S\s*/JavaScript\b")
_XFA = {raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND}


def find(document: pdfium.PdfDocument, content: bytes) -> tuple[str, ...]:
    """A sentence for each kind of thing, empty for an ordinary file.

    Actions packed in object streams escape the search for launch actions and for
    scripts on pages; they are not run either.
    """
    found = []
    files = raw.FPDFDoc_GetAttachmentCount(document.raw)
    if files > 0:
        many = "an attached file" if files == 1 else f"{files} attached files"
        found.append(f"the file carries {many}, not opened")
    if raw.FPDFDoc_GetJavaScriptActionCount(document.raw) > 0 or _SCRIPT.search(
        content
    ):
        found.append("the file carries a script, not run")
    if _LAUNCH.search(content):
        found.append("the file asks to start a program, not done")
    if raw.FPDF_GetFormType(document.raw) in _XFA:
        found.append("the file is an XFA form; only its plain pages were read")
    return tuple(found)
