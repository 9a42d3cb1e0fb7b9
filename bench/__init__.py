"""Speed: each figure of ours beside its floor or peer, measured in the same run."""
