"""Stamps, signatures and punch holes, beside the figures and over them."""

import random
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.extraction.synthetic.sheetscan import Shot
from tests.extraction.synthetic.truth import Box

_INKS = ((150, 40, 60), (140, 60, 20), (60, 20, 90), (70, 70, 70))
_FONT = cv2.FONT_HERSHEY_SIMPLEX


def _pressed(
    shot: Shot, mask: NDArray[np.uint8], ink: tuple[int, int, int], share: float
) -> Shot:
    """Ink soaks in: what is under it stays visible."""
    cover = (mask.astype(np.float32) / 255 * share)[:, :, None]
    colour = np.array(ink, np.float32)
    mixed = shot.picture * (1 - cover * (1 - colour / 255))
    return shot.inked(mixed.astype(np.float32))


def stamp(shot: Shot, rng: random.Random, level: int, near: Sequence[Box]) -> Shot:
    """A round stamp: level 1 below the table, 2 over labels or figures, 3 heavy."""
    wide, tall = shot.size
    mask = np.zeros((tall, wide), np.uint8)
    size = round(shot.dpi * rng.uniform(0.45, 0.75))
    x, y = rng.randint(wide // 5, 4 * wide // 5), round(tall * 0.9)
    if level > 1 and near:
        box = shot.box(rng.choice(near))
        x, y = round((box[0] + box[2]) / 2), round((box[1] + box[3]) / 2)
    thick = max(1, shot.dpi // 60)
    cv2.circle(mask, (x, y), size, 255, thick)
    cv2.circle(mask, (x, y), round(size * 0.68), 255, max(1, thick // 2))
    for index, letter in enumerate("* SEAL OF THE COMPANY FOR RESULTS "):
        angle = 2 * np.pi * index / 34
        at = (
            round(x + 0.84 * size * np.cos(angle) - size * 0.05),
            round(y + 0.84 * size * np.sin(angle) + size * 0.05),
        )
        cv2.putText(mask, letter, at, _FONT, size / 210, 255, max(1, thick // 2))
    share = {1: 0.7, 2: 0.5, 3: 0.85}[level]
    return _pressed(shot, mask, rng.choice(_INKS), share)


def signature(shot: Shot, rng: random.Random, level: int, near: Sequence[Box]) -> Shot:
    """A scrawl: level 1 below the table, 2 and 3 across its lower rows."""
    wide, tall = shot.size
    mask = np.zeros((tall, wide), np.uint8)
    x, y = rng.uniform(0.25, 0.6) * wide, tall * 0.9
    if level > 1 and near:
        box = shot.box(rng.choice(near[-max(4, len(near) // 4) :]))
        x, y = box[0] - shot.dpi * 0.4, box[1]
    points = []
    for step in range(60):
        x += shot.dpi * rng.uniform(0.005, 0.05)
        rise = np.sin(step * rng.uniform(0.5, 0.9)) * shot.dpi * rng.uniform(0.05, 0.2)
        points.append((round(x), round(y + rise)))
    line = np.array([points], np.int32)
    cv2.polylines(
        mask, [line], isClosed=False, color=255, thickness=max(1, shot.dpi // 75)
    )
    return _pressed(shot, mask, (110, 40, 20), 0.6 + 0.1 * level)


def holes(shot: Shot, rng: random.Random, level: int) -> Shot:
    """Punched at the left edge; level 3 takes a bite of the labels."""
    picture = shot.picture.copy()
    _, tall = shot.size
    x = round(shot.dpi * (0.25, 0.35, 0.62)[level - 1])
    grey = rng.randint(0, 120)
    for share in (0.42, 0.58):
        at = (x, round(tall * share))
        cv2.circle(picture, at, round(shot.dpi * 0.11), (grey, grey, grey), -1)
    return Shot(picture, shot.matrix, shot.dpi)
