"""The peer: XGBoost's scikit-learn interface, asked with a DataFrame of one row.

In an environment of its own, since ours goes without scikit-learn; no line of ours is
loaded. The frames are made before the clock starts and one thread is used, both of
which only help the peer.
"""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
import xgboost


def open_flow(_name: str, folder: Path) -> Callable[[int], float]:
    """Score so many rows, one after another, by every model of the folder."""
    models = [_model(path) for path in sorted(folder.glob("*.ubj"))]
    table = np.load(folder / "rows.npy")
    names = list(models[0].get_booster().feature_names or ())
    frames = [pd.DataFrame(row[None, :], columns=names) for row in table]
    turn = iter(range(10**12))

    def score(rows: int) -> float:
        taken = 0.0
        for _ in range(rows):
            frame = frames[next(turn) % len(frames)]
            began = perf_counter()
            np.mean([model.predict_proba(frame)[0, 1] for model in models])
            taken += perf_counter() - began
        return taken

    return score


def _model(path: Path) -> xgboost.XGBClassifier:
    model = xgboost.XGBClassifier(n_jobs=1)
    model.load_model(path)
    return model
