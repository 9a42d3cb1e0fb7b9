"""Labels, splits, training, calibration, evaluation and the blockbuster score."""
