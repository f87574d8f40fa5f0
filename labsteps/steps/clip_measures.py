"""What is measured of a clip's spectrogram, so that two clips can be compared in numbers with units.

Each clip is in dB below its own maximum, so levels are compared inside a clip and never between two.  The mel
filters are of equal area, so a band's value is a power per Hz; times the width of the band it is an energy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labsteps.features.grid import PITCH_CLASSES
from labsteps.results import Value
from labsteps.steps.clips_view import FRAMES_A_SECOND, PITCH_NAMES, Clip, Floats, band_edges

GROUPS = (("below 250 Hz", 0.0, 250.0), ("250 to 1000 Hz", 250.0, 1000.0), ("1 to 4 kHz", 1000.0, 4000.0))
TOP_GROUP = ("above 4 kHz", 4000.0, np.inf)
BAND_GROUPS = (*GROUPS, TOP_GROUP)
CONSTANT = "the clip is silent or constant"
ONE_FRAME = "the clip has one frame"
# Peaks of the onset strength, in frames: alone in about 0.1 s, and above the mean of about 0.4 s around them.
_ALONE, _AROUND, _ABOVE = 2, 9, 0.07
# Rates of what there is too little of would be of one event over next to no time.
FEWEST_BEATS = 2
FEWEST_FRAMES = 2 * _AROUND + 2
TOO_SHORT = f"an onset density needs {FEWEST_FRAMES / FRAMES_A_SECOND:.2f} s, and the clip is shorter"


@dataclass(frozen=True)
class Loudness:
    """What the mel part of a clip measures; None where it is undefined.

    Attributes
    ----------
    groups
        Energy of each of `BAND_GROUPS` beside the clip's whole energy, in dB.
    centroid
        Centre of the energy over frequency, in Hz.
    onsets
        Onsets a second; None for a clip of beats, which has no seconds, and for one of less than `FEWEST_FRAMES`.
    flux
        Mean rise of level from frame to frame, in dB a frame (or a beat).
    dynamic_range
        95th minus 10th percentile of the frames' level, in dB.
    """

    groups: tuple[float | None, ...]
    centroid: float | None
    onsets: float | None
    flux: float | None
    dynamic_range: float | None


@dataclass(frozen=True)
class Harmony:
    """What the chroma part of a clip measures; None where it is undefined.

    Attributes
    ----------
    strongest
        The pitch class with the highest mean.
    share
        Its part of the whole chroma energy, 0…1.
    entropy
        Spread over the pitch classes in bits: 0 for a single one, 3.58 for all alike.
    change
        Mean of 1 − cosine between neighbouring frames: 0 for a chord that stays.
    """

    strongest: str | None
    share: float | None
    entropy: float | None
    change: float | None


def measure_mel(clip: Clip) -> Loudness:
    """Measure the mel part of a clip."""
    level = clip.mel.astype(np.float64)  # (T, 128), dB
    if np.ptp(level) == 0:
        return Loudness((None,) * len(BAND_GROUPS), None, None, None, None)
    edges = band_edges()
    energy = 10.0 ** (level / 10.0) * (edges[2:] - edges[:-2])  # (T, 128)
    bands = energy.sum(axis=0)
    centres = edges[1:-1]
    shares = [bands[(centres >= low) & (centres < high)].sum() / bands.sum() for _, low, high in BAND_GROUPS]
    frames = 10.0 * np.log10(energy.sum(axis=1))
    several = len(level) > 1
    rise = np.maximum(np.diff(level, axis=0), 0.0).mean(axis=1) if several else None  # (T - 1,)
    low, high = np.percentile(frames, (10, 95))
    return Loudness(
        groups=tuple(float(10.0 * np.log10(share)) for share in shares),
        centroid=float((bands * centres).sum() / bands.sum()),
        onsets=None if rise is None or clip.beat or len(level) < FEWEST_FRAMES else onset_count(rise) / clip.seconds,
        flux=None if rise is None else float(rise.mean()),
        dynamic_range=float(high - low) if several else None,
    )


def onset_count(strength: Floats) -> int:
    """Return the number of onsets, as peaks of the rise of level.

    Parameters
    ----------
    strength : np.ndarray [shape=(T,)]
        Rise of level at each frame, at least 0.
    """
    span = np.ptp(strength)
    if span == 0:
        return 0
    scaled = (strength - strength.min()) / span
    peaks = 0
    for frame, value in enumerate(scaled):
        near = scaled[max(0, frame - _ALONE) : frame + _ALONE + 1]
        wide = scaled[max(0, frame - _AROUND) : frame + _AROUND + 1]
        first = int(near.argmax()) == frame - max(0, frame - _ALONE)
        peaks += bool(first and value >= wide.mean() + _ABOVE)
    return peaks


def measure_chroma(clip: Clip) -> Harmony:
    """Measure the chroma part of a clip."""
    chroma = clip.chroma.astype(np.float64)  # (T, 12)
    mean = chroma.mean(axis=0)
    if mean.sum() <= 0:
        return Harmony(None, None, None, None)
    share = mean / mean.sum()
    some = share[share > 0]
    strongest = int(share.argmax())
    return Harmony(
        strongest=PITCH_NAMES[strongest],
        share=float(share[strongest]),
        entropy=float(-(some * np.log2(some)).sum()),
        change=_change(chroma),
    )


def _change(chroma: Floats) -> float | None:
    """Return the mean change between neighbouring frames that both have energy."""
    size = np.linalg.norm(chroma, axis=1)
    both = (size[1:] > 0) & (size[:-1] > 0)
    if not both.any():
        return None
    product = (chroma[1:] * chroma[:-1]).sum(axis=1)[both]
    return float((1.0 - product / (size[1:] * size[:-1])[both]).mean())


def tempo(beats: int, frames: int) -> Value:
    """Return beats a minute of a clip with so many beats in so many frames; one beat has no distance to another."""
    if beats < FEWEST_BEATS:
        return Value(None, reason=f"a tempo needs {FEWEST_BEATS} beats or more, here there are {beats}")
    return Value(60.0 * beats / (frames / FRAMES_A_SECOND))


MOST_ENTROPY = float(np.log2(PITCH_CLASSES))
