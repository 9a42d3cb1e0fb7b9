"""The characters of a page as PDFium gives them, asked for once.

PDFium is asked character by character, which costs more than all that is done with the
answers; words and the look at a page's digits share them.
"""

import ctypes
from collections.abc import Iterator, Sequence
from functools import cached_property
from types import TracebackType
from typing import Self

import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from numpy.typing import NDArray
from pypdfium2 import raw

Floats = NDArray[np.float64]

MAX_CHARACTERS = 40_000
_INVISIBLE = 3


class Characters:
    """A page's characters in the order of the file, 40,000 at most.

    Close it, or use it as a context, before its page is closed.
    """

    def __init__(self, page: pdfium.PdfPage) -> None:
        """Open the text of a page."""
        self._textpage = page.get_textpage()
        self._handle = self._textpage.raw

    def __enter__(self) -> Self:
        """Itself; closed at the end."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the text."""
        self.close()

    def close(self) -> None:
        """Close the text; what was asked before stays known."""
        self._textpage.close()

    @cached_property
    def texts(self) -> list[str]:
        """Every character; a NUL where PDFium has none."""
        count = min(self._textpage.count_chars(), MAX_CHARACTERS)
        unicode, handle = raw.FPDFText_GetUnicode, self._handle
        return [chr(unicode(handle, index)) for index in range(count)]

    @cached_property
    def drawn(self) -> list[int]:
        """The indices of those that leave a mark: printable and no white space."""
        return [
            index
            for index, text in enumerate(self.texts)
            if text.isprintable() and not text.isspace()
        ]

    @cached_property
    def tight(self) -> Floats:
        """Boxes around the ink of the drawn: left, bottom, right, top."""
        return np.array(list(self._tight())).reshape(-1, 4)

    def _tight(self) -> Iterator[tuple[float, float, float, float]]:
        box, handle = raw.FPDFText_GetCharBox, self._handle
        left, right, bottom, top = sides = [ctypes.c_double() for _ in range(4)]
        for index in self.drawn:
            box(handle, index, *sides)
            yield left.value, bottom.value, right.value, top.value

    @cached_property
    def loose(self) -> tuple[Floats, NDArray[np.bool_]]:
        """Boxes of the drawn as their font spaces them, and whether PDFium has one."""
        boxes = (raw.FS_RECTF * len(self.drawn))()
        get, handle = raw.FPDFText_GetLooseCharBox, self._handle
        pairs = zip(self.drawn, boxes, strict=True)
        known = [bool(get(handle, index, box)) for index, box in pairs]
        sides = np.frombuffer(boxes, np.float32).reshape(-1, 4).astype(np.float64)
        left, top, right, bottom = sides.T
        return np.stack([left, bottom, right, top], axis=1), np.array(known, dtype=bool)

    @cached_property
    def hidden(self) -> list[bool]:
        """Which of the drawn are invisible; characters of one object share it."""
        known: dict[int, bool] = {}
        found = []
        for index in self.drawn:
            item = raw.FPDFText_GetTextObject(self._handle, index)
            key = ctypes.addressof(item.contents) if item else 0
            if key not in known:
                mode = raw.FPDFTextObj_GetTextRenderMode(item) if item else None
                known[key] = mode == _INVISIBLE
            found.append(known[key])
        return found

    def fonts(self, indices: Sequence[int]) -> NDArray[np.int64]:
        """An identity for the font of each character; 0 where it has none."""
        return np.array([self._font(index) for index in indices], dtype=np.int64)

    def _font(self, index: int) -> int:
        item = raw.FPDFText_GetTextObject(self._handle, index)
        font = raw.FPDFTextObj_GetFont(item) if item else None
        return ctypes.addressof(font.contents) if font else 0
