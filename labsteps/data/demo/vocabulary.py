"""Scales and chords of the demo set's music."""

from __future__ import annotations

SEMITONES = 12

# From dark to bright; the place in this table is the mode's brightness.
MODES: dict[str, tuple[int, ...]] = {
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "phrygian dominant": (0, 1, 4, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "blues": (0, 3, 4, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "major": (0, 2, 4, 5, 7, 9, 11),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
}

# Steps of the scale above the root; a power chord doubles its root an octave up.
CHORDS: dict[str, tuple[int, ...]] = {
    "triad": (0, 2, 4),
    "seventh": (0, 2, 4, 6),
    "ninth": (0, 2, 6, 8),
    "power": (0, 4, 7),
    "open": (0, 4, 7, 8),
}


def brightness(mode: str) -> float:
    """Return how bright a mode is, 0 (phrygian) to 1 (lydian)."""
    return list(MODES).index(mode) / (len(MODES) - 1)


def pitch(mode: str, key: int, step: int) -> int:
    """Return the MIDI number of a step of the scale, counted from the tonic.

    Parameters
    ----------
    mode
        A name in `MODES`.
    key
        MIDI number of the tonic.
    step
        Any whole number; 7 is the octave, -1 the step below the tonic.
    """
    octave, degree = divmod(step, len(MODES[mode]))
    return key + SEMITONES * octave + MODES[mode][degree]
