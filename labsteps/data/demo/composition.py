"""A piece of music as decisions: what is drawn from a style, what is borrowed, what its mood changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from labsteps.data.demo.styles import STYLES, Band, Harmony, Mix, Range, Rhythm, Style
from labsteps.data.demo.vocabulary import MODES, brightness

SECONDS: Range = (6.6, 8.0)
BORROWING = 0.13  # chance of each group of traits to come from another genre
_FROM_NEIGHBOUR = 0.75
_TONICS = range(45, 57)  # MIDI numbers A2 to G#3, where the chords lie
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Piece:
    """Everything that is decided about a piece before a note is written.

    Attributes
    ----------
    genre
        The label; `borrowed` names, for rhythm, harmony, band and mix, the style that each came from.
    seconds
        Length of the clip.
    tempo, beats, swing
        Beats a minute, beats a bar, and 0 (straight) to 1 (triplets).
    pattern, kit, drum_level, looseness
        The drums, their level beside the band, and how far players stray from the beat (s, one deviation).
    mode, key, progression, chord, dissonance
        The harmony; `key` is the tonic's MIDI number, `dissonance` the chance of a semitone in a chord.
    bass, bass_line, chords, figure, lead, density, register
        The band; `density` is notes a beat of the melody, `register` its shift in octaves.
    drive, wet, pass_band, hiss, tilt, pump, swell
        The mix, as in `styles.Mix`; `swell` is the rise in dB from the beginning to the end.
    """

    genre: str
    borrowed: tuple[str, str, str, str]
    seconds: float
    tempo: float
    beats: int
    swing: float
    pattern: str
    kit: str
    drum_level: float
    looseness: float
    mode: str
    key: int
    progression: tuple[int, ...]
    chord: str
    dissonance: float
    bass: str
    bass_line: str
    chords: str
    figure: str
    lead: str
    density: float
    register: int
    drive: float
    wet: float
    pass_band: tuple[float, float]
    hiss: float
    tilt: float
    pump: float
    swell: float


@dataclass(frozen=True, slots=True)
class _Mood:
    """Where a piece leans, each -0.5 to 0.5: dark to bright, calm to excited, free to danceable."""

    bright: float
    excited: float
    danceable: float


def compose(genre: str, rng: np.random.Generator, spread: float) -> Piece:
    """Draw a piece.

    Parameters
    ----------
    genre
        A name in `styles.STYLES`.
    rng
        Source of every decision.
    spread
        How far the mood moves a piece from its genre, 0 to 1.

    Returns
    -------
    Piece
        The same for the same state of `rng`.
    """
    style = STYLES[genre]
    sources = [_source(style, rng) for _ in range(4)]
    mood = _Mood(*(spread * (rng.random(3) - 0.5)))
    return Piece(
        genre=genre,
        borrowed=(sources[0].name, sources[1].name, sources[2].name, sources[3].name),
        seconds=_between(SECONDS, rng),
        swell=float(rng.normal(0.0, 2.0) - 4.0 * mood.excited),
        **_rhythm(sources[0].rhythm, mood, rng),
        **_harmony(sources[1].harmony, mood, spread, rng),
        **_band(sources[2].band, mood, rng),
        **_mix(sources[3].mix, mood, rng),
    )


def _source(style: Style, rng: np.random.Generator) -> Style:
    """Return the style that a group of traits comes from."""
    if rng.random() >= BORROWING:
        return style
    near = rng.random() < _FROM_NEIGHBOUR
    return STYLES[_pick(style.neighbours if near else tuple(STYLES), rng)]


def _rhythm(rhythm: Rhythm, mood: _Mood, rng: np.random.Generator) -> dict[str, Any]:
    pattern = _pick(rhythm.patterns, rng)
    if pattern == "none" and mood.danceable > 0.2:
        pattern = "sparse"
    level = _between(rhythm.level, rng) * 2.0 ** (2.2 * mood.danceable)
    return {
        "tempo": _between(rhythm.tempo, rng) * 2.0 ** (0.5 * mood.excited),
        "beats": _pick(rhythm.beats, rng),
        "swing": _between(rhythm.swing, rng),
        "pattern": pattern,
        "kit": rhythm.kit,
        "drum_level": level,
        "looseness": float(np.clip(0.006 - 0.024 * mood.danceable + rng.normal(0, 0.002), 0.0, 0.03)),
    }


def _harmony(harmony: Harmony, mood: _Mood, spread: float, rng: np.random.Generator) -> dict[str, Any]:
    weights = np.array([spread * 0.3 + 3.0 * (name in harmony.modes) for name in MODES])
    weights *= np.exp(7.0 * mood.bright * np.array([brightness(name) - 0.5 for name in MODES]))
    return {
        "mode": str(rng.choice(list(MODES), p=weights / weights.sum())),
        "key": _pick(_TONICS, rng),
        "progression": _pick(harmony.progressions, rng),
        "chord": harmony.chord,
        "dissonance": float(np.clip(rng.normal(0.03, 0.04) - 0.9 * mood.bright, 0.0, 0.5)),
    }


def _band(band: Band, mood: _Mood, rng: np.random.Generator) -> dict[str, Any]:
    return {
        "bass": _pick(band.bass, rng),
        "bass_line": _pick(band.bass_lines, rng),
        "chords": _pick(band.chords, rng),
        "figure": _pick(band.figures, rng),
        "lead": _pick(band.leads, rng),
        "density": _between(band.density, rng) * 2.0 ** (1.6 * mood.excited),
        "register": int(np.clip(np.rint(rng.normal(2.4 * mood.bright, 0.35)), -1, 1)),
    }


def _mix(mix: Mix, mood: _Mood, rng: np.random.Generator) -> dict[str, Any]:
    low, high = mix.pass_band
    return {
        "drive": float(np.clip(_between(mix.drive, rng) + 0.6 * mood.excited, 0.0, 1.0)),
        "wet": _between(mix.wet, rng),
        "pass_band": (low * 2.0 ** rng.normal(0, 0.3), min(high * 2.0 ** rng.normal(0, 0.25), 10800.0)),
        "hiss": _between(mix.hiss, rng),
        "tilt": _between(mix.tilt, rng) + 2.5 * mood.bright + 1.5 * mood.excited + float(rng.normal(0, 0.4)),
        "pump": _between(mix.pump, rng),
    }


def _between(ends: Range, rng: np.random.Generator) -> float:
    return float(rng.uniform(*ends))


def _pick(options: Sequence[_T], rng: np.random.Generator) -> _T:
    return options[int(rng.integers(len(options)))]
