"""Drum patterns, and drums made of sines and noise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labsteps.features.grid import SAMPLE_RATE

Signal = NDArray[np.float32]

# One character a sixteenth: x struck, o struck softly, ? struck half of the time.
PATTERNS: dict[str, dict[str, str]] = {
    "none": {},
    "sparse": {"kick": "x.......o.......", "shaker": "..o...o...o...o."},
    "backbeat": {"kick": "x......?x.?.....", "snare": "....x.......x...", "hat": "x.o.x.o.x.o.x.o."},
    "four": {
        "kick": "x...x...x...x...",
        "clap": "....x.......x...",
        "hat": "..x...x...x...x.",
        "shaker": "o?o?o?o?o?o?o?o?",
    },
    "break": {"kick": "x..?......x..?..", "snare": "....x..o.o..x..o", "hat": "x.x.x.x.x.x.x.x."},
    "hiphop": {"kick": "x..x...?..x.....", "snare": "....x.......x...", "hat": "x.o.x.oox.o.x.??"},
    "shuffle": {"kick": "x.......x.......", "snare": "....x.......x...", "ride": "x.o.x.o.x.o.x.o."},
    "ride": {
        "kick": "o...?...o...?...",
        "hat": "....x.......x...",
        "ride": "x...x.o.x...x.o.",
        "snare": "..?...?...?.?...",
    },
    "hand": {"low": "x..x....x..x..?.", "high": "..o.x.o...o.x.oo", "shaker": "o.o.o.o.o.o.o.o."},
    "drive": {"kick": "x...x..?x...x...", "snare": "....x.......x...", "hat": "x.x.x.x.x.x.x.x."},
    "double": {
        "kick": "x.xxx.x.x.xxx.x.",
        "snare": "....x.......x...",
        "hat": "x...x...x...x...",
        "crash": "x...............",
    },
    "blast": {"kick": "xxxxxxxxxxxxxxxx", "snare": "..x...x...x...x.", "ride": "x.x.x.x.x.x.x.x."},
    "tom": {"kick": "x.......x.x.....", "tom": "..x...x...x.x.xx", "snare": "....x.......x..."},
}


@dataclass(frozen=True, slots=True)
class _Kit:
    """Pitch of the kick (Hz), seconds that kick and snare ring, noise in the snare, brightness of cymbals."""

    kick: float
    kick_ring: float
    snare_ring: float
    snare_noise: float
    metal: float
    coarse: int = 1  # samples that a value is held: the sound of old chips


_KITS = {
    "rock": _Kit(62, 0.12, 0.14, 0.7, 0.7),
    "metal": _Kit(72, 0.07, 0.10, 0.8, 0.9),
    "pop": _Kit(58, 0.14, 0.12, 0.6, 0.8),
    "machine": _Kit(48, 0.28, 0.16, 0.8, 1.0),
    "dusty": _Kit(56, 0.16, 0.11, 0.7, 0.35),
    "brush": _Kit(66, 0.10, 0.18, 0.9, 0.45),
    "hand": _Kit(80, 0.12, 0.08, 0.3, 0.5),
    "chip": _Kit(90, 0.08, 0.09, 1.0, 0.8, coarse=4),
}


def drum_sounds(kit: str, rng: np.random.Generator) -> Callable[[str], Signal]:
    """Return a function from the name of a drum to its sound, made once and a little different in every piece.

    Parameters
    ----------
    kit
        A name of a kit, as `styles.Rhythm` has it.
    rng
        Source of the kit's tuning and of its noise.
    """
    parts = _KITS[kit]
    tune, ring = 2.0 ** np.clip(rng.normal(0, 0.12, size=2), -0.4, 0.4)
    noise = rng.standard_normal(2 * SAMPLE_RATE).astype(np.float32)
    made: dict[str, Signal] = {}

    def sound(drum: str) -> Signal:
        if drum not in made:
            made[drum] = _SOUNDS[drum](parts, float(tune), float(ring), noise)
        return made[drum]

    return sound


def _time(seconds: float) -> Signal:
    return np.arange(int(seconds * SAMPLE_RATE), dtype=np.float32) / np.float32(SAMPLE_RATE)


def _swept(pitch: float, sweep: float, seconds: float) -> Signal:
    """Return a sine that falls to `pitch` Hz and dies away with a time constant of `seconds`."""
    t = _time(4 * seconds)
    phase = 2 * np.pi * pitch * (t + sweep * 0.02 * (1 - np.exp(-t / 0.02)))
    return np.asarray(np.sin(phase) * np.exp(-t / seconds), dtype=np.float32)


def _noise(noise: Signal, seconds: float, bright: float, coarse: int) -> Signal:
    """Return noise that dies away; `bright` from 0 (all frequencies) to 1 (the highest)."""
    t = _time(5 * seconds)
    length = len(t) // coarse + 3
    raw = np.repeat(noise[:length], coarse)[: len(t) + 2]
    once = raw[1:] - bright * raw[:-1]
    return np.asarray((once[1:] - bright * once[:-1]) * 0.6 * np.exp(-t / seconds), dtype=np.float32)


def _kick(kit: _Kit, tune: float, ring: float, noise: Signal) -> Signal:
    body = _swept(kit.kick * tune, 4.0, kit.kick_ring * ring)
    click = _noise(noise, 0.004, 0.3, kit.coarse)
    body[: len(click)] += 0.4 * click[: len(body)]
    return body


def _snare(kit: _Kit, tune: float, ring: float, noise: Signal) -> Signal:
    rattle = kit.snare_noise * _noise(noise[500:], kit.snare_ring * ring, 0.35, kit.coarse)
    body = (1.2 - kit.snare_noise) * _swept(185 * tune, 1.0, 0.06)
    rattle[: len(body)] += body[: len(rattle)]
    return rattle


def _cymbal(seconds: float, level: float) -> Callable[[_Kit, float, float, Signal], Signal]:
    def sound(kit: _Kit, tune: float, ring: float, noise: Signal) -> Signal:
        return level * _noise(noise[900:], seconds * ring, kit.metal, kit.coarse)

    return sound


def _skin(pitch: float, level: float) -> Callable[[_Kit, float, float, Signal], Signal]:
    def sound(kit: _Kit, tune: float, ring: float, noise: Signal) -> Signal:
        return level * _swept(pitch * tune, 0.8, 0.09 * ring)

    return sound


_SOUNDS: dict[str, Callable[[_Kit, float, float, Signal], Signal]] = {
    "kick": _kick,
    "snare": _snare,
    "clap": lambda kit, tune, ring, noise: 0.8 * _noise(noise[1500:], 0.07 * ring, 0.5, kit.coarse),
    "hat": _cymbal(0.025, 0.35),
    "shaker": _cymbal(0.04, 0.2),
    "ride": _cymbal(0.11, 0.25),
    "crash": _cymbal(0.18, 0.5),
    "tom": _skin(110, 0.9),
    "low": _skin(140, 0.9),
    "high": _skin(310, 0.7),
}
