"""The statistics of clips that the classical baselines are fitted on."""

from __future__ import annotations

import numpy as np

from labsteps.context import Context
from labsteps.errors import StopRequestedError
from labsteps.evaluation.baseline import clip_statistics
from labsteps.training.feed import Clips


def statistics_of(context: Context, name: str, clips: Clips) -> np.ndarray:
    """Return mean, deviation and mean absolute difference of every row of each clip, shape (N, 3, 140).

    Parameters
    ----------
    name
        What the clips are called while it goes on.
    """
    found = []
    for index in range(len(clips)):
        if context.stop_requested():
            raise StopRequestedError
        if index % 256 == 0:
            context.emit("phase", text=f"statistics, {name} part", done=index, total=len(clips))
        found.append(clip_statistics(clips.pack.clip(index)))
    return np.stack(found)
