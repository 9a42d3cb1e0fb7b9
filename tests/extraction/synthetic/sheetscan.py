"""A page as a picture, and where its points went."""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from numpy.typing import NDArray

from tests.extraction.synthetic.truth import Box

Picture = NDArray[np.uint8]
Matrix = NDArray[np.float64]
WHITE = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture (height, width, BGR) and the matrix from points to its pixels."""

    picture: Picture
    matrix: Matrix
    dpi: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.picture.shape[1], self.picture.shape[0]

    def box(self, box: Box) -> Box:
        """Where a box in points of the original page lies now, in pixels."""
        x0, top, x1, bottom = box
        corners = np.array([[[x0, top], [x1, top], [x1, bottom], [x0, bottom]]])
        moved = cv2.perspectiveTransform(corners, self.matrix)[0]
        low, high = moved.min(axis=0), moved.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def warped(
        self, by: Matrix, size: tuple[int, int], border: tuple[int, int, int] = WHITE
    ) -> "Shot":
        """Moved by a pixel-to-pixel matrix onto a picture of another size."""
        moved = cv2.warpPerspective(
            self.picture,
            by,
            size,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=border,
        )
        return Shot(as_picture(moved), by @ self.matrix, self.dpi)

    def inked(self, picture: "NDArray[np.float32]") -> "Shot":
        """The same geometry with other ink, clipped to what a sensor can tell."""
        return Shot(as_picture(picture), self.matrix, self.dpi)


def as_picture(values: object) -> Picture:
    """Pixels as bytes, clipped."""
    return cast("Picture", np.clip(np.asarray(values), 0, 255).astype(np.uint8))


def shots(content: bytes, dpi: int) -> list[Shot]:
    """Every page of a PDF as a picture."""
    document = pdfium.PdfDocument(content)
    try:
        scale = dpi / 72
        found = []
        for page in document:
            picture = page.render(scale=scale, rev_byteorder=False).to_numpy()
            matrix = np.diag([scale, scale, 1.0])
            found.append(Shot(np.ascontiguousarray(picture[:, :, :3]), matrix, dpi))
        return found
    finally:
        document.close()
