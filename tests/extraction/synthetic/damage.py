"""What happens to a page between the printer and the exchange, one act a function.

Every act takes a shot, its chance and a level from 1 (mild) to 3 (bad).
"""

import random
from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.extraction.synthetic.sheetscan import Matrix, Shot, as_picture

Act = Callable[[Shot, random.Random, int], Shot]
_TURNS = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


def _noise(rng: random.Random) -> np.random.Generator:
    return np.random.default_rng(rng.randrange(2**32))


def skew(shot: Shot, rng: random.Random, level: int) -> Shot:
    degrees = (0.3, 0.9, 1.8)[level - 1] * rng.choice((-1, 1)) * rng.uniform(0.8, 1.15)
    wide, tall = shot.size
    turned = cv2.getRotationMatrix2D((wide / 2, tall / 2), degrees, 1.0)
    return shot.warped(np.vstack([turned, [0.0, 0.0, 1.0]]), shot.size)


def perspective(shot: Shot, rng: random.Random, level: int) -> Shot:
    """The corners move by up to a share of the page; the desk shows around it."""
    wide, tall = shot.size
    share = (0.006, 0.015, 0.03)[level - 1]
    corners = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], np.float32)
    inward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
    moves = np.array([[rng.uniform(0, share), rng.uniform(0, share)] for _ in range(4)])
    to = (corners + inward * moves * [wide, tall]).astype(np.float32)
    desk = rng.randint(20, 110)
    matrix: Matrix = np.asarray(cv2.getPerspectiveTransform(corners, to), np.float64)
    return shot.warped(matrix, shot.size, (desk, desk, desk))


def turn(shot: Shot, degrees: int) -> Shot:
    """A sheet fed sideways or upside down, stored so."""
    wide, tall = shot.size
    moves = {
        90: [[0, -1, tall], [1, 0, 0], [0, 0, 1]],
        180: [[-1, 0, wide], [0, -1, tall], [0, 0, 1]],
        270: [[0, 1, 0], [-1, 0, wide], [0, 0, 1]],
    }
    matrix = np.array(moves[degrees], np.float64) @ shot.matrix
    return Shot(as_picture(cv2.rotate(shot.picture, _TURNS[degrees])), matrix, shot.dpi)


def sideways(shot: Shot, rng: random.Random, level: int) -> Shot:
    return turn(shot, 180 if level == 1 else rng.choice((90, 270)))


def grain(shot: Shot, rng: random.Random, level: int) -> Shot:
    sigma = (6, 14, 24)[level - 1]
    noise = _noise(rng).normal(0, sigma, shot.picture.shape)
    return shot.inked((shot.picture + noise).astype(np.float32))


def speckle(shot: Shot, rng: random.Random, level: int) -> Shot:
    share = (0.001, 0.004, 0.012)[level - 1]
    dice = _noise(rng).random(shot.picture.shape[:2])
    picture = shot.picture.copy()
    picture[dice < share] = 20
    picture[dice > 1 - share] = 255
    return Shot(picture, shot.matrix, shot.dpi)


def blur(shot: Shot, _rng: random.Random, level: int) -> Shot:
    sigma = (0.5, 0.9, 1.4)[level - 1] * shot.dpi / 150
    return Shot(
        as_picture(cv2.GaussianBlur(shot.picture, (0, 0), sigma)), shot.matrix, shot.dpi
    )


def jpeg(shot: Shot, _rng: random.Random, level: int) -> Shot:
    quality = (60, 35, 20)[level - 1]
    _, packed = cv2.imencode(".jpg", shot.picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return Shot(as_picture(cv2.imdecode(packed, 1)), shot.matrix, shot.dpi)


def lighting(shot: Shot, rng: random.Random, level: int) -> Shot:
    """A lamp at one side: the far side is darker."""
    wide, tall = shot.size
    depth = (0.2, 0.4, 0.6)[level - 1]
    across, down = np.meshgrid(np.linspace(-1, 1, wide), np.linspace(-1, 1, tall))
    angle = rng.uniform(0, 2 * np.pi)
    slope = across * np.cos(angle) + down * np.sin(angle)
    gain = 1 - depth * (slope - slope.min()) / (slope.max() - slope.min())
    return shot.inked((shot.picture * gain[:, :, None]).astype(np.float32))


def dark(shot: Shot, _rng: random.Random, level: int) -> Shot:
    gain = (0.75, 0.55, 0.4)[level - 1]
    return shot.inked((shot.picture * np.float32(gain)).astype(np.float32))


def faint(shot: Shot, _rng: random.Random, level: int) -> Shot:
    """Low contrast: the ink is grey, the paper is not white."""
    reach = (0.65, 0.45, 0.3)[level - 1]
    return shot.inked(
        (235 - (255 - shot.picture.astype(np.float32)) * reach).astype(np.float32)
    )


def yellow(shot: Shot, _rng: random.Random, level: int) -> Shot:
    """Old or coloured paper."""
    blue = (0.9, 0.78, 0.65)[level - 1]
    tint = np.array([blue, 0.95, 0.98], np.float32)
    return shot.inked((shot.picture * tint).astype(np.float32))


def fold(shot: Shot, rng: random.Random, level: int) -> Shot:
    """Creases right across, a shade darker or lighter than the paper."""
    picture = shot.picture.astype(np.float32)
    wide, tall = shot.size
    for _ in range(level):
        y = rng.randint(tall // 6, 5 * tall // 6)
        shade = rng.choice((-70.0, -40.0, 45.0))
        thick = max(1, shot.dpi // 100)
        picture[y : y + thick] += shade
        picture[max(0, y - 3 * thick) : y] += shade / 5
    if level > 1:
        x = rng.randint(wide // 3, 2 * wide // 3)
        picture[:, x : x + max(1, shot.dpi // 120)] -= 45
    return shot.inked(picture)


def bleed(shot: Shot, _rng: random.Random, level: int) -> Shot:
    """The other side of the sheet shows through, mirrored."""
    share = (0.08, 0.16, 0.26)[level - 1]
    back = 255 - cv2.GaussianBlur(shot.picture[:, ::-1], (0, 0), shot.dpi / 110)
    moved = np.roll(back.astype(np.float32), (shot.dpi // 9, shot.dpi // 7), (0, 1))
    return shot.inked((shot.picture - share * moved).astype(np.float32))


def streaks(shot: Shot, rng: random.Random, level: int) -> Shot:
    """Dirt on the copier's glass: thin lines all the way down."""
    picture = shot.picture.astype(np.float32)
    wide, _ = shot.size
    for _ in range(2 * level):
        x = rng.randint(0, wide - 4)
        picture[:, x : x + rng.choice((1, 1, 2))] -= rng.choice((35, 60, 110))
    return shot.inked(picture)


def copier(shot: Shot, _rng: random.Random, level: int) -> Shot:
    """Black and white only, the threshold ever less kind."""
    limit = (150, 190, 105)[level - 1]
    grey: NDArray[np.uint8] = as_picture(cv2.cvtColor(shot.picture, cv2.COLOR_BGR2GRAY))
    flat = np.where(grey > limit, 255, 0).astype(np.uint8)
    return Shot(as_picture(cv2.merge([flat, flat, flat])), shot.matrix, shot.dpi)


ACTS: Mapping[str, Act] = {
    "skew": skew,
    "perspective": perspective,
    "stored turned": sideways,
    "grain": grain,
    "speckle": speckle,
    "blur": blur,
    "jpeg": jpeg,
    "uneven light": lighting,
    "dark photo": dark,
    "low contrast": faint,
    "coloured paper": yellow,
    "folds": fold,
    "bleed-through": bleed,
    "streaks": streaks,
    "black and white": copier,
}
