"""A logistic regression as the JSON it is kept in."""

from typing import Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from dexter.ml.dataset import Array, Matrix
from dexter.ml.logistic import Linear


class Logistic(BaseModel):
    """Log-odds ``intercept + Σ coefficient · (value - mean) / scale``.

    ``fill`` says what a missing value counts as: the mean, so it adds nothing. With
    ``clip`` the scaled values are held within ±clip.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    coefficients: tuple[float, ...] = Field(min_length=1)
    intercept: float
    means: tuple[float, ...]
    scales: tuple[float, ...]
    fill: Literal["mean"] = "mean"
    clip: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """One mean and one scale above 0 for each coefficient."""
        if not len(self.coefficients) == len(self.means) == len(self.scales):
            message = "coefficients, means and scales differ in number"
            raise ValueError(message)
        if min(self.scales) <= 0:
            message = "a scale is not above 0"
            raise ValueError(message)
        return self

    @classmethod
    def of(cls, linear: Linear) -> Self:
        """What was fitted, to be kept."""
        return cls(
            coefficients=tuple(linear.coefficients.tolist()),
            intercept=linear.intercept,
            means=tuple(linear.means.tolist()),
            scales=tuple(linear.scales.tolist()),
            clip=linear.clip,
        )

    def log_odds(self, rows: Matrix) -> Array:
        """Log-odds of rows, ``(n, k)`` to ``(n,)``."""
        linear = Linear(
            np.asarray(self.coefficients),
            self.intercept,
            np.asarray(self.means),
            np.asarray(self.scales),
            self.clip,
        )
        return linear.log_odds(rows)
