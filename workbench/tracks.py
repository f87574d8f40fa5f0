"""One track of a data set by its id, as a picture, without looking at the others."""

from __future__ import annotations

from pathlib import Path

from labsteps.errors import DataError, LabError
from labsteps.results import Image


def spectrogram(root: Path, track: int, label: str) -> Image:
    """Return the mel spectrogram of a track, wherever in the data set it lies.

    Parameters
    ----------
    root
        The data root.
    track, label
        Its id, and what the title calls its class.

    Raises
    ------
    DataError
        If no folder has it, or its file cannot be read.
    """
    from labsteps.data.clip_files import read_clip
    from labsteps.data.folders import SPLITS, DataFolder
    from labsteps.data.layout import CLIP_SUFFIXES
    from labsteps.steps.clips_view import Clip, mel_image

    folders = (DataFolder.GENRE_FULL, DataFolder.MULTITASK_FULL)
    places = (
        root / folder / split / f"{track}{ending}" for folder in folders for split in SPLITS for ending in CLIP_SUFFIXES
    )
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise DataError(f"{root}: no file of track {track} is there any more; `data check` tells what is missing.")
    try:
        frames = read_clip(path)
    except DataError as error:
        raise DataError(f"{path}: {error}") from error
    return mel_image(Clip(track, label, path, 0, frames, beat=False))


def picture_of(root: Path | None, track: str, label: str) -> Image | str:
    """Return the mel spectrogram of a track as `spectrogram` does, or why there is none, for the place of the picture.

    Parameters
    ----------
    root
        The data root; None where the session has none.
    track
        Its id as runs and figures write it.
    label
        What the title calls its class.
    """
    if root is None:
        return "This session has no data folder, so the clip cannot be read; d in the lab chooses one."
    if not track.isdecimal():
        return f"{track} is no id of a track, so there is no file to read."
    try:
        return spectrogram(root, int(track), label)
    except (LabError, OSError) as error:
        return str(error)
