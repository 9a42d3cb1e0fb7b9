"""PDF pages as plain text operators: small, quick, the same bytes every time.

Reportlab takes milliseconds a page; a season announces sixty thousand documents.
"""

import io
import time
from collections.abc import Sequence

Line = tuple[float, float, str]
WIDE = 4.8  # points per letter of 8-point Courier
_DPI, _POINTS = 150, 72
_HEAD = b"%PDF-1.4\n"
_PAGE = (
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {content} 0 R "
    "/Resources << /Font << /F1 {font} 0 R >> >> >>"
)


def pdf(pages: Sequence[Sequence[Line]], *, pad_to: int = 0) -> bytes:
    """A document of Courier lines ``(x, y, text)`` from the bottom left, in points.

    ``pad_to`` makes it that many bytes, by a comment before the end.
    """
    font = 3 + 2 * len(pages)
    kids = " ".join(f"{3 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
    ]
    for place, lines in enumerate(pages):
        drawn = "\n".join(_operators(line) for line in lines)
        objects += [
            _PAGE.format(content=4 + 2 * place, font=font),
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    objects.append(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding "
        ">>"
    )
    return _written(objects, pad_to)


def photographed(content: bytes) -> bytes:
    """The same document as pictures of its pages, nothing to be read in it but ink."""
    import pypdfium2 as pdfium  # type: ignore[import-untyped] # noqa: PLC0415 - few do
    from PIL import Image  # noqa: PLC0415

    document = pdfium.PdfDocument(content)
    shots: list[Image.Image] = [
        page.render(scale=_DPI / _POINTS).to_pil().convert("L") for page in document
    ]
    document.close()
    made = io.BytesIO()
    then = time.gmtime(0)
    shots[0].save(
        made,
        "PDF",
        resolution=_DPI,
        save_all=True,
        append_images=shots[1:],
        creationDate=then,
        modDate=then,
    )
    return made.getvalue()


def right(x: float, y: float, text: str) -> Line:
    """A line that ends at ``x``."""
    return x - len(text) * WIDE, y, text


def _operators(line: Line) -> str:
    x, y, text = line
    for sign in "\\()":
        text = text.replace(sign, f"\\{sign}")
    return f"BT /F1 8 Tf {x:.1f} {y:.1f} Td ({text}) Tj ET"


def _written(objects: Sequence[str], pad_to: int) -> bytes:
    body, places = bytearray(_HEAD), []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    table = f"xref\n0 {size}\n0000000000 65535 f \n{rows}trailer\n"
    table += f"<< /Size {size} /Root 1 0 R >>\nstartxref\n"
    missing = pad_to - len(body) - len(table) - len(f"{pad_to}\n%%EOF\n") - 2
    if missing > 0:
        body += b"%" + b" " * missing + b"\n"
    return bytes(body) + f"{table}{len(body)}\n%%EOF\n".encode()
