"""What goes wrong at a server, scripted or drawn from a seed; safe between threads."""

import random
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Chances:
    """Kinds of faults drawn at random, one in ``every`` on the average."""

    seed: int
    every: float
    kinds: tuple[str, ...]
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - a seeded script

    def draw(self) -> str | None:
        """The kind of the next, or none."""
        if self._random.random() * self.every >= 1:
            return None
        return self._random.choice(self.kinds)


class Queue(Generic[T]):
    """What is said to happen next, in order; one for each that comes."""

    def __init__(self) -> None:
        self._waiting: deque[T] = deque()
        self._lock = threading.Lock()
        self.taken = 0

    def add(self, more: Iterable[T]) -> None:
        """Put more at the end."""
        with self._lock:
            self._waiting.extend(more)

    def take(self, otherwise: T) -> T:
        """The next, or something else when nothing is said."""
        with self._lock:
            self.taken += 1
            return self._waiting.popleft() if self._waiting else otherwise
