"""Valence, energy and danceability that follow from how a piece was composed."""

from __future__ import annotations

import math

import numpy as np

from labsteps.data.demo.composition import Piece
from labsteps.data.demo.score import Score
from labsteps.data.demo.vocabulary import brightness

AXES = ("valence", "energy", "danceability")
_NOISE = 0.05  # deviation of the raters


def rate(piece: Piece, score: Score, rng: np.random.Generator) -> tuple[float, float, float]:
    """Rate a piece.

    Parameters
    ----------
    piece, score
        What was composed.
    rng
        Source of the disagreement between raters.

    Returns
    -------
    tuple of float
        Valence (mode, consonance, register and brightness), energy (events a second, distortion, drums,
        tempo) and danceability (strength and regularity of the beat, tempo near 120), each in 0…1.
    """
    values = (_valence(piece), _energy(piece, score), _danceability(piece))
    valence, energy, danceability = (float(np.clip(v + rng.normal(0, _NOISE), 0, 1)) for v in values)
    return valence, energy, danceability


def _squashed(score: float) -> float:
    return 1 / (1 + math.exp(-score))


def _valence(piece: Piece) -> float:
    return _squashed(
        1.5 * (brightness(piece.mode) - 0.4)
        + 0.7 * piece.register
        - 2.5 * (piece.dissonance - 0.1)
        + 0.35 * piece.tilt
        + 0.5 * math.log2(piece.tempo / 110)
    )


def _energy(piece: Piece, score: Score) -> float:
    events = len(score.bass) + len(score.lead) + len(score.drums) + 0.3 * len(score.chords)
    return _squashed(
        1.0 * math.log2(max(events / piece.seconds, 1.0) / 11)
        + 1.5 * (piece.drive - 0.3)
        + 1.2 * (_beat(piece) - 0.45)
        + 0.8 * math.log2(piece.tempo / 110)
        + 0.3 * piece.tilt
    )


def _danceability(piece: Piece) -> float:
    return _squashed(
        2.0 * (_beat(piece) - 0.45)
        - 40 * (piece.looseness - 0.008)
        + 1.0 * (0.4 - abs(math.log2(piece.tempo / 120)) * 2)
        + (0.4 if piece.beats in (2, 4) else -0.6)
    )


def _beat(piece: Piece) -> float:
    """Return how strongly the drums mark the beat, 0 to about 1."""
    marked = {"none": 0.0, "sparse": 0.4, "ride": 0.6, "hand": 0.7, "four": 1.2}.get(piece.pattern, 0.9)
    return marked * min(piece.drum_level, 1.2)
