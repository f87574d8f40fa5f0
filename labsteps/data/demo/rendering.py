"""From a score to a waveform: the band is played, distorted, mixed, and put into a room."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from labsteps.data.demo.composition import Piece
from labsteps.data.demo.drums import drum_sounds
from labsteps.data.demo.score import Hit, Note, Score
from labsteps.data.demo.timbres import tone
from labsteps.features.grid import SAMPLE_RATE

Signal = NDArray[np.float32]
_TAIL = 0.6  # seconds that notes may ring on after the clip's end
_LENGTH_GRID = 256  # samples to which note lengths are rounded, so that equal notes are played once
_ROOM = 0.9  # seconds in which reverberation falls by 60 dB, at its longest
_LEVELS = {"bass": 0.55, "chords": 0.6, "lead": 0.5}


def render(piece: Piece, score: Score, rng: np.random.Generator) -> Signal:
    """Play a score.

    Parameters
    ----------
    piece
        Its decisions, for the instruments and the mix.
    score
        Its notes.
    rng
        Source of noise, levels and the colour of the recording.

    Returns
    -------
    float32 [shape=(round(seconds * 22050),)]
        One channel; its peak is between 0.6 and 0.95.
    """
    length = round(piece.seconds * SAMPLE_RATE)
    noise = rng.standard_normal(length + SAMPLE_RATE).astype(np.float32)
    levels = {voice: level * 10 ** (rng.normal(0, 2.0) / 20) for voice, level in _LEVELS.items()}
    band = levels["bass"] * _voice(piece.bass, score.bass, length, noise)
    band += levels["chords"] * _distorted(_voice(piece.chords, score.chords, length, noise), piece.drive)
    band += levels["lead"] * _distorted(_voice(piece.lead, score.lead, length, noise), 0.6 * piece.drive)
    drums = piece.drum_level * _kit(piece, score.drums, length, rng)
    if piece.pump:
        band *= _ducking(piece, score.drums, len(band))
    mixed = _coloured(band + drums, piece, rng)[:length]
    mixed *= 10 ** (np.linspace(-piece.swell / 2, piece.swell / 2, length, dtype=np.float32) / 20)
    mixed /= np.abs(mixed).max()
    mixed += 10 ** (piece.hiss / 20) * 0.3 * noise[:length]
    return np.asarray(mixed * (rng.uniform(0.6, 0.95) / np.abs(mixed).max()), dtype=np.float32)


def _voice(timbre: str, notes: Sequence[Note], length: int, noise: Signal) -> Signal:
    """Return a voice of about unit level."""
    voice = np.zeros(length + int(_TAIL * SAMPLE_RATE), dtype=np.float32)
    played: dict[tuple[int, int], Signal] = {}
    for note in notes:
        samples = max(1, round(note.seconds * SAMPLE_RATE / _LENGTH_GRID)) * _LENGTH_GRID
        if (note.midi, samples) not in played:
            played[note.midi, samples] = tone(timbre, note.midi, samples, noise)
        _add(voice, played[note.midi, samples], round(note.start * SAMPLE_RATE), note.velocity)
    return _levelled(voice)


def _add(target: Signal, sound: Signal, start: int, gain: float) -> None:
    end = min(start + len(sound), len(target))
    target[start:end] += np.float32(gain) * sound[: end - start]


def _levelled(voice: Signal) -> Signal:
    level = float(np.sqrt(np.mean(voice**2)))
    return voice / np.float32(level) if level > 0 else voice


def _distorted(voice: Signal, drive: float) -> Signal:
    """Return a voice through an overdriven amplifier and its loudspeaker; unchanged where drive is near 0."""
    if drive < 0.08:
        return voice
    from scipy.signal import butter, sosfilt

    loud = np.tanh(voice * np.float32(0.4 + 14 * drive**2))
    sections = butter(2, 5500 - 1500 * drive, fs=SAMPLE_RATE, output="sos")
    return _levelled(np.asarray(sosfilt(sections.astype(np.float32), loud), dtype=np.float32))


def _kit(piece: Piece, hits: Sequence[Hit], length: int, rng: np.random.Generator) -> Signal:
    drums = np.zeros(length + int(_TAIL * SAMPLE_RATE), dtype=np.float32)
    sound = drum_sounds(piece.kit, rng)
    for hit in hits:
        _add(drums, sound(hit.drum), round(hit.start * SAMPLE_RATE), 3.0 * hit.velocity)
    return drums


def _ducking(piece: Piece, hits: Sequence[Hit], length: int) -> Signal:
    """Return the gain of a band that makes room for every kick."""
    gain = np.ones(length, dtype=np.float32)
    recovery = int(0.25 * SAMPLE_RATE)
    dip = 1 - np.float32(piece.pump) * np.linspace(1, 0, recovery, dtype=np.float32)
    for hit in hits:
        if hit.drum == "kick":
            start = round(hit.start * SAMPLE_RATE)
            gain[start : start + recovery] = np.minimum(gain[start : start + recovery], dip[: length - start])
    return gain


def _coloured(dry: Signal, piece: Piece, rng: np.random.Generator) -> Signal:
    """Return the mix in its room, with the tilt, the pass band and the uneven response of its recording."""
    from scipy.fft import irfft, next_fast_len, rfft

    room_length = int(_ROOM * SAMPLE_RATE * (0.4 + 0.6 * piece.wet))
    size = next_fast_len(len(dry) + room_length, real=True)
    frequencies = np.fft.rfftfreq(size, 1 / SAMPLE_RATE).astype(np.float32)
    octaves = np.log2(np.maximum(frequencies, 20) / np.float32(1000))
    decibels = piece.tilt * octaves + _uneven(octaves, rng)
    low, high = piece.pass_band
    edges = 1 / (1 + (low / np.maximum(frequencies, 1)) ** 4) / (1 + (frequencies / np.float32(high)) ** 8)
    decay = np.exp(np.linspace(0, -6.9, room_length, dtype=np.float32))
    room = rng.standard_normal(room_length).astype(np.float32) * decay
    room /= np.sqrt(np.sum(room**2))
    path = (1 - piece.wet) + piece.wet * rfft(room, size)
    return np.asarray(irfft(rfft(dry, size) * path * (edges * 10 ** (decibels / 20)), size)[: len(dry)], np.float32)


def _uneven(octaves: Signal, rng: np.random.Generator) -> Signal:
    """Return a smooth random frequency response in dB: no two recordings sound the same."""
    knots = np.arange(-6, 5)
    return np.interp(octaves, knots, rng.normal(0, 2.5, size=len(knots))).astype(np.float32)
