"""A page crop with its address written above it, so that it speaks for itself."""

import io

from dexter.domain.evidence import Source

_SIZE = 14
_LINE = 20
_EDGE = 8


def captioned(picture: bytes, source: Source) -> bytes:
    """A PNG with a strip on top: the file and page, the row and column.

    Above, not inside: a label beside the box would cover its neighbours' figures.
    """
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - only for a picture

    cell = " · ".join(filter(None, [source.row, source.column]))
    lines = [f"{source.document}, page {source.page}", cell]
    crop = Image.open(io.BytesIO(picture)).convert("RGB")
    strip = _LINE * len(lines) + 2 * _EDGE
    whole = Image.new("RGB", (crop.width, crop.height + strip), "white")
    whole.paste(crop, (0, strip))
    pen = ImageDraw.Draw(whole)
    font = ImageFont.load_default(_SIZE)
    for number, line in enumerate(lines):
        # The built-in font knows Western European letters.
        words = line.encode("latin-1", "replace").decode("latin-1")
        pen.text((_EDGE, _EDGE + number * _LINE), words, fill="black", font=font)
    pen.line((0, strip - 1, crop.width, strip - 1), fill="grey")
    out = io.BytesIO()
    whole.save(out, format="PNG")
    return out.getvalue()
