"""The instruments: harmonics in two groups that die away at their own speed, and frequency modulation.

A tone is read from one period of a waveform, built from its harmonics for that very pitch, so that nothing
lies above half the sample rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from labsteps.features.grid import SAMPLE_RATE

Signal = NDArray[np.float32]
_PERIOD = 4096
_HIGHEST = 10000.0  # Hz
_LOW_GROUP = 3  # harmonics


@dataclass(frozen=True, slots=True)
class Timbre:
    """An instrument.

    Attributes
    ----------
    shape
        Which harmonics there are: ``all``, ``odd``, ``pulse`` (a quarter), or ``organ``.
    slope
        Harmonic k has the amplitude ``k ** -slope``.
    attack, release
        Seconds.
    fade, fade_high
        How fast the first three harmonics and the rest die away while held, 1/s; 0 is sustained.
    vibrato, detune
        Cents.
    breath
        Noise beside the tone.
    formants
        Frequencies (Hz) around which harmonics stand out.
    modulation
        Index of frequency modulation at the tone's own pitch times `ratio`.
    """

    shape: str
    slope: float
    attack: float = 0.005
    release: float = 0.04
    fade: float = 0.0
    fade_high: float = 0.0
    vibrato: float = 0.0
    detune: float = 0.0
    breath: float = 0.0
    formants: tuple[float, ...] = ()
    modulation: float = 0.0
    ratio: float = 1.0


TIMBRES: dict[str, Timbre] = {
    # plucked and struck
    "piano": Timbre("all", 1.3, fade=1.6, fade_high=4.0, release=0.12),
    "steel": Timbre("all", 0.9, fade=2.0, fade_high=6.0, release=0.1),
    "nylon": Timbre("all", 1.5, fade=2.6, fade_high=9.0, release=0.1),
    "banjo": Timbre("all", 0.6, fade=5.0, fade_high=8.0, formants=(700, 1900)),
    "oud": Timbre("all", 0.8, fade=4.0, fade_high=7.0, detune=7, formants=(450, 1300)),
    "electric": Timbre("all", 1.0, fade=0.8, fade_high=1.8, release=0.05),
    "rhodes": Timbre("all", 3.0, fade=1.5, fade_high=3.0, modulation=1.4, ratio=1.0, release=0.15),
    "bell": Timbre("all", 4.0, fade=2.2, fade_high=3.0, modulation=2.4, ratio=3.5, release=0.3),
    # bowed, blown, sung
    "strings": Timbre("all", 1.15, attack=0.12, release=0.25, vibrato=10, detune=9, formants=(500, 1500)),
    "violin": Timbre("all", 1.0, attack=0.06, release=0.12, vibrato=22, formants=(1100, 2800)),
    "fiddle": Timbre("all", 0.9, attack=0.025, release=0.05, vibrato=12, formants=(900, 2400), breath=0.01),
    "cello": Timbre("all", 1.2, attack=0.09, release=0.15, vibrato=12, formants=(250, 900)),
    "flute": Timbre("all", 2.2, attack=0.05, release=0.08, vibrato=14, breath=0.05),
    "reed": Timbre("all", 0.9, attack=0.03, release=0.06, vibrato=16, formants=(600, 1500), breath=0.02),
    "harmonica": Timbre("odd", 0.7, attack=0.03, release=0.05, vibrato=25, formants=(800, 2200), breath=0.01),
    "voice": Timbre("all", 1.2, attack=0.05, release=0.1, vibrato=30, formants=(650, 1150, 2700), breath=0.015),
    "organ": Timbre("organ", 0.4, attack=0.01, release=0.03, vibrato=6, detune=5),
    # electronic
    "square": Timbre("odd", 1.0, release=0.005),
    "pulse": Timbre("pulse", 0.9, release=0.005),
    "triangle": Timbre("odd", 2.0, release=0.005),
    "saw": Timbre("all", 1.0, release=0.03, detune=12),
    "sawpad": Timbre("all", 1.2, attack=0.15, release=0.3, detune=16),
    "acid": Timbre("all", 0.9, fade=1.0, fade_high=9.0, release=0.01),
    # basses
    "finger": Timbre("all", 1.8, fade=1.0, fade_high=5.0),
    "pick": Timbre("all", 1.2, fade=1.0, fade_high=3.5),
    "upright": Timbre("all", 2.0, fade=2.5, fade_high=7.0, attack=0.012),
    "sub": Timbre("all", 3.5, fade=0.9, fade_high=4.0, attack=0.008, release=0.08),
}


def frequency(midi: int) -> float:
    """Return the frequency of a MIDI number in Hz."""
    return 440.0 * float(2.0 ** ((midi - 69) / 12))


@lru_cache(maxsize=4096)
def _period(timbre: str, midi: int) -> tuple[Signal, Signal]:
    """Return one period of the low and of the high harmonics, each of 4096 samples."""
    made = TIMBRES[timbre]
    pitch = frequency(midi)
    k = np.arange(1, max(2, int(_HIGHEST / pitch)) + 1)
    level = k**-made.slope * _present(made.shape, k)
    if made.formants:
        near = [np.exp(-((np.log2(k * pitch / centre) / 0.45) ** 2)) for centre in made.formants]
        level = level * (0.15 + np.sum(near, axis=0))
    spectrum = np.zeros((2, _PERIOD // 2 + 1), dtype=np.complex128)
    # Phases that differ from harmonic to harmonic keep the crest of the wave low.
    partials = level / np.sqrt(np.sum(level**2)) * np.exp(1j * k**2)
    spectrum[0, k[:_LOW_GROUP]] = partials[:_LOW_GROUP]
    spectrum[1, k[_LOW_GROUP:]] = partials[_LOW_GROUP:]
    low, high = np.fft.irfft(spectrum, axis=1) * _PERIOD
    return low.astype(np.float32), high.astype(np.float32)


def _present(shape: str, k: NDArray[np.int64]) -> NDArray[np.float64]:
    if shape == "odd":
        return (k % 2).astype(float)
    if shape == "pulse":
        return np.abs(np.sin(np.pi * k / 4))
    if shape == "organ":
        return np.isin(k, (1, 2, 3, 4, 6, 8)).astype(float)
    return np.ones(len(k))


def tone(timbre: str, midi: int, samples: int, noise: Signal) -> Signal:
    """Play a note.

    Parameters
    ----------
    timbre
        A name in `TIMBRES`.
    midi
        Its pitch.
    samples
        Length while it is held; the release comes after it.
    noise : float32 [shape=(n,)]
        Noise that is long enough for the breath.

    Returns
    -------
    float32 [shape=(samples + release,)]
        Of about unit energy at full level.
    """
    made = TIMBRES[timbre]
    total = samples + int(made.release * SAMPLE_RATE)
    t = np.arange(total, dtype=np.float32) / np.float32(SAMPLE_RATE)
    low, high = _period(timbre, midi)
    y = np.zeros(total, dtype=np.float32)
    for cents in (-made.detune, made.detune) if made.detune else (0.0,):
        y += _read(low, high, made, frequency(midi) * 2.0 ** (cents / 1200), t)
    if made.breath:
        y += made.breath * 8 * noise[:total]
    return y * _envelope(total, samples, made)


def _read(low: Signal, high: Signal, made: Timbre, pitch: float, t: Signal) -> Signal:
    # Single precision would lose the phase of a high note within seconds.
    phase = np.arange(len(t), dtype=np.float64) * (pitch / SAMPLE_RATE)
    if made.vibrato:
        depth = pitch * made.vibrato / 1200 * np.log(2) / (2 * np.pi * 5.5)
        phase += depth * np.sin(np.float32(2 * np.pi * 5.5) * t)
    if made.modulation:
        modulator = np.sin((2 * np.pi * made.ratio * pitch) * t) * np.exp(-3 * t)
        phase += made.modulation / (2 * np.pi) * modulator
    place = (phase * _PERIOD).astype(np.int64) & (_PERIOD - 1)
    if not made.fade and not made.fade_high:
        return np.asarray((low + high)[place])
    return np.asarray(low[place] * np.exp(-made.fade * t) + high[place] * np.exp(-made.fade_high * t))


def _envelope(total: int, held: int, made: Timbre) -> Signal:
    envelope = np.ones(total, dtype=np.float32)
    attack = min(int(made.attack * SAMPLE_RATE), held)
    envelope[:attack] = np.linspace(0, 1, attack, endpoint=False, dtype=np.float32)
    envelope[held:] *= np.linspace(1, 0, total - held, dtype=np.float32)
    return envelope
