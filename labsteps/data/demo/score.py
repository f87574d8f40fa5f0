"""From a piece's decisions to its notes and drum hits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from labsteps.data.demo.composition import Piece
from labsteps.data.demo.drums import PATTERNS
from labsteps.data.demo.vocabulary import CHORDS, pitch

STEPS = 4  # steps a beat


@dataclass(frozen=True, slots=True)
class Note:
    """A note: start and length in seconds, MIDI number, and how hard it is played (0 to 1)."""

    start: float
    seconds: float
    midi: int
    velocity: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A stroke on a part of the drum kit."""

    start: float
    drum: str
    velocity: float


@dataclass(frozen=True, slots=True)
class Score:
    """All that is played in a piece."""

    bass: tuple[Note, ...]
    chords: tuple[Note, ...]
    lead: tuple[Note, ...]
    drums: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class _Figure:
    """A cycle of `steps` steps: (step, length in steps, what), and the spread of a strum in seconds."""

    steps: int
    events: tuple[tuple[float, float, int], ...]
    strum: float = 0.0


_ALL = -1  # every note of the chord
_TONIC = 99  # the tonic, whatever the chord

# What: steps of the scale above the chord's root.
_BASS_LINES = {
    "roots": _Figure(8, ((0, 7, 0),)),
    "fifths": _Figure(8, ((0, 3.5, 0), (4, 3.5, 4))),
    "walking": _Figure(16, ((0, 3.6, 0), (4, 3.6, 2), (8, 3.6, 4), (12, 3.6, 5))),
    "shuffle": _Figure(8, ((0, 1.7, 0), (2, 1.5, 0), (4, 1.7, 4), (6, 1.5, 5))),
    "eighths": _Figure(2, ((0, 1.7, 0),)),
    "octaves": _Figure(4, ((0, 1.6, 0), (2, 1.6, 7))),
    "sixteenths": _Figure(4, ((0, 0.9, 0), (1, 0.8, 0), (2, 0.9, 0), (3, 0.8, 7))),
    "offbeat": _Figure(4, ((2, 1.6, 0),)),
    "long": _Figure(16, ((0, 9, 0), (10, 5, 0))),
    "syncopated": _Figure(16, ((0, 2.5, 0), (3, 2, 0), (7, 1, 0), (10, 3, 4), (14, 1.5, 0))),
    "drone": _Figure(16, ((0, 16, _TONIC),)),
    "arco": _Figure(16, ((0, 7.8, 0), (8, 7.8, 2))),
}

# What: the number of a note of the chord from below, or all of them.
_FIGURES = {
    "pad": _Figure(16, ((0, 16, _ALL),)),
    "strum": _Figure(
        16, ((0, 3.5, _ALL), (4, 2, _ALL), (6, 2, _ALL), (10, 2, _ALL), (12, 2, _ALL), (14, 2, _ALL)), 0.012
    ),
    "picking": _Figure(8, ((0, 4, 0), (1, 3, 2), (2, 3, 1), (4, 4, 0), (5, 3, 1), (6, 3, 2))),
    "arpeggio": _Figure(4, ((0, 1, 0), (1, 1, 1), (2, 1, 2), (3, 1, 3))),
    "stabs": _Figure(8, ((2, 1, _ALL), (6, 1.4, _ALL))),
    "chug": _Figure(4, ((0, 0.7, _ALL), (2, 0.7, _ALL), (3, 0.7, _ALL))),
    "power": _Figure(8, ((0, 3.8, _ALL), (4, 1.8, _ALL), (6, 1.8, _ALL)), 0.004),
    "shuffle": _Figure(4, ((0, 1.5, _ALL), (2, 1.2, _ALL))),
    "comping": _Figure(16, ((2, 1.5, _ALL), (6, 2, _ALL), (13, 2, _ALL))),
    "ostinato": _Figure(16, ((0, 3, 0), (3, 3, 2), (6, 3, 1), (10, 2, 2), (12, 3, 3))),
    "alberti": _Figure(4, ((0, 1.4, 0), (1, 1.2, 2), (2, 1.2, 1), (3, 1.2, 2))),
}


class _Clock:
    """Turns steps into seconds, with the piece's swing and looseness."""

    def __init__(self, piece: Piece, rng: np.random.Generator) -> None:
        self._beat = 60.0 / piece.tempo
        self._middle = 0.5 + piece.swing / 6
        self._looseness = piece.looseness
        self._rng = rng
        # A clip is cut out of a piece, so it does not begin on a beat.
        self._offset = float(rng.uniform(0, piece.beats)) * self._beat
        self.bars = int(np.ceil((piece.seconds + self._offset) / (self._beat * piece.beats)))

    def exact(self, step: float) -> float:
        beat, within = divmod(step / STEPS, 1.0)
        swung = within * 2 * self._middle if within < 0.5 else self._middle + (within - 0.5) * 2 * (1 - self._middle)
        return float(beat + swung) * self._beat - self._offset

    def played(self, step: float) -> float:
        return self.exact(step) + self._looseness * float(self._rng.normal())


def write_score(piece: Piece, rng: np.random.Generator) -> Score:
    """Write the notes of a piece.

    Parameters
    ----------
    piece
        Its decisions.
    rng
        Source of the melody, of timing and of accents.
    """
    clock = _Clock(piece, rng)
    return Score(
        bass=tuple(_clipped(_bass(piece, clock, rng), piece.seconds)),
        chords=tuple(_clipped(_chords(piece, clock, rng), piece.seconds)),
        lead=tuple(_clipped(_lead(piece, clock, rng), piece.seconds)),
        drums=tuple(hit for hit in _drums(piece, clock, rng) if 0 <= hit.start < piece.seconds),
    )


def _clipped(notes: Iterator[Note], seconds: float) -> Iterator[Note]:
    """Yield the notes that sound within the clip; one that began before it begins with it."""
    for note in notes:
        start, end = max(note.start, 0.0), min(note.start + note.seconds, seconds)
        if end - start > 0.02:
            yield Note(start, end - start, note.midi, note.velocity)


def _events(figure: _Figure, piece: Piece, clock: _Clock) -> Iterator[tuple[int, float, float, int]]:
    """Yield (degree of the chord, step, length in steps, what) for a figure, restarted with every bar."""
    bar = piece.beats * STEPS
    for number in range(clock.bars):
        degree = piece.progression[number % len(piece.progression)]
        for cycle in range(0, bar, figure.steps):
            for step, length, what in figure.events:
                if cycle + step < bar:
                    yield degree, number * bar + cycle + step, min(length, bar - cycle - step), what


def _length(clock: _Clock, step: float, steps: float) -> float:
    return clock.exact(step + steps) - clock.exact(step)


def _bass(piece: Piece, clock: _Clock, rng: np.random.Generator) -> Iterator[Note]:
    for degree, step, length, what in _events(_BASS_LINES[piece.bass_line], piece, clock):
        scale_step = 0 if what == _TONIC else degree + what
        midi = pitch(piece.mode, piece.key - 12, scale_step)
        yield Note(clock.played(step), _length(clock, step, length), midi, _accent(step, piece, rng))


def _chords(piece: Piece, clock: _Clock, rng: np.random.Generator) -> Iterator[Note]:
    figure = _FIGURES[piece.figure]
    voicings = {degree: _voicing(piece, degree, rng) for degree in sorted(set(piece.progression))}
    for degree, step, length, what in _events(figure, piece, clock):
        notes = voicings[degree]
        chosen = notes if what == _ALL else (notes[what % len(notes)],)
        start, velocity = clock.played(step), _accent(step, piece, rng)
        for number, midi in enumerate(chosen):
            yield Note(start + number * figure.strum, _length(clock, step, length), midi, velocity)


def _voicing(piece: Piece, degree: int, rng: np.random.Generator) -> tuple[int, ...]:
    """Return the notes of a chord in its register, with a semitone rubbed in where the piece is dissonant."""
    lift = 12 * max(piece.register, 0) * (piece.chord != "power")
    notes = [pitch(piece.mode, piece.key, degree + step) + lift for step in CHORDS[piece.chord]]
    if rng.random() < 2 * piece.dissonance:
        notes.append(notes[-1] + 1)
    return tuple(notes)


def _lead(piece: Piece, clock: _Clock, rng: np.random.Generator) -> Iterator[Note]:
    """Yield a walk over the scale that comes back to the chord on strong beats."""
    bar = piece.beats * STEPS
    tonic, place, step = piece.key + 12 + 12 * piece.register, int(rng.integers(0, 7)), 0.0
    while step < clock.bars * bar:
        length = float(max(1.0, np.rint(STEPS / piece.density * rng.choice((0.5, 1.0, 1.0, 2.0)))))
        if rng.random() > 0.18:
            if step % (2 * STEPS) == 0:
                degree = piece.progression[int(step // bar) % len(piece.progression)]
                place = min((degree + tone for tone in (-7, -5, -3, 0, 2, 4, 7)), key=lambda c: abs(c - place))
            midi = pitch(piece.mode, tonic, place) + int(rng.random() < 0.3 * piece.dissonance)
            yield Note(clock.played(step), 0.92 * _length(clock, step, length), midi, _accent(step, piece, rng))
        place = int(np.clip(place + rng.choice((-2, -1, -1, 1, 1, 2)), -4, 9))
        step += length


def _drums(piece: Piece, clock: _Clock, rng: np.random.Generator) -> Iterator[Hit]:
    bar = piece.beats * STEPS
    for number in range(clock.bars):
        for drum, line in PATTERNS[piece.pattern].items():
            for step in range(bar):
                stroke = line[step % len(line)]
                if stroke == "." or (stroke == "?" and rng.random() < 0.5):
                    continue
                velocity = (1.0 if stroke == "x" else 0.55) * float(rng.uniform(0.8, 1.0))
                yield Hit(clock.played(number * bar + step), drum, velocity)


def _accent(step: float, piece: Piece, rng: np.random.Generator) -> float:
    strong = 1.0 if step % (piece.beats * STEPS) == 0 else 0.85 if step % STEPS == 0 else 0.7
    return strong * float(rng.uniform(0.8, 1.0))
