"""The twenty genres of the demo set, as ranges from which a piece draws its traits.

A style has four groups of traits - rhythm, harmony, band and mix - because a piece can borrow a whole group
from another genre. Ranges are (low, high); names refer to the tables of `vocabulary`, `timbres` and `drums`.
"""

from __future__ import annotations

from dataclasses import dataclass

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a genre moves: tempo in beats a minute, beats a bar, swing (0 straight, 1 triplets), drums."""

    tempo: Range
    beats: tuple[int, ...]
    swing: Range
    patterns: tuple[str, ...]
    kit: str
    level: Range  # of the drums, relative to the band


@dataclass(frozen=True, slots=True)
class Harmony:
    """Which modes, which progressions (degrees of the scale, one a bar) and how chords are built."""

    modes: tuple[str, ...]
    progressions: tuple[tuple[int, ...], ...]
    chord: str


@dataclass(frozen=True, slots=True)
class Band:
    """Who plays: timbres for bass, chords and melody, how bass and chords go, notes a beat of the melody."""

    bass: tuple[str, ...]
    bass_lines: tuple[str, ...]
    chords: tuple[str, ...]
    figures: tuple[str, ...]
    leads: tuple[str, ...]
    density: Range


@dataclass(frozen=True, slots=True)
class Mix:
    """How it is recorded.

    Attributes
    ----------
    drive
        Distortion of the chords and the melody, 0 clean to 1.
    wet
        Share of reverberation.
    pass_band
        Lower and upper edge in Hz.
    hiss
        Level of noise, dB below the music's peak.
    tilt
        Slope of the spectrum, dB an octave.
    pump
        Depth to which the kick ducks the band, 0 to 1.
    """

    drive: Range
    wet: Range
    pass_band: tuple[float, float]
    hiss: Range
    tilt: Range
    pump: Range = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Style:
    """A genre and the genres that it borrows from first."""

    name: str
    rhythm: Rhythm
    harmony: Harmony
    band: Band
    mix: Mix
    neighbours: tuple[str, ...]


TWELVE_BAR = ((0, 3, 0, 0), (3, 3, 0, 0), (4, 3, 0, 4))
SONG = ((0, 4, 5, 3), (0, 3, 4, 3), (0, 5, 3, 4), (5, 3, 0, 4))
MINOR_SONG = ((0, 5, 2, 6), (0, 6, 5, 6), (0, 3, 5, 4))
CADENCE = ((0, 3, 4, 0), (0, 5, 1, 4), (0, 4, 5, 2))
TURNAROUND = ((1, 4, 0, 5), (0, 5, 1, 4), (2, 5, 1, 4))
RIFF = ((0, 0, 1, 0), (0, 5, 6, 0), (0, 0, 5, 4), (0, 6, 5, 0))
STILL = ((0, 0, 0, 0), (0, 0, 3, 0), (0, 0, 6, 0))

_CLEAN, _WARM, _HOT = (0.0, 0.1), (0.2, 0.45), (0.7, 1.0)
_OPEN = (30.0, 10500.0)


def _band(bass: str, lines: str, chords: str, figures: str, leads: str, density: Range) -> Band:
    """Return a band whose players and ways of playing are listed in words, separated by spaces."""
    split = [tuple(words.split()) for words in (bass, lines, chords, figures, leads)]
    return Band(split[0], split[1], split[2], split[3], split[4], density)


_STYLES = (
    Style(
        "Blues",
        Rhythm((76, 116), (4,), (0.7, 1.0), ("shuffle", "backbeat"), "rock", (0.45, 0.75)),
        Harmony(("blues", "mixolydian"), TWELVE_BAR, "seventh"),
        _band("finger", "walking shuffle", "electric piano", "shuffle stabs", "electric harmonica", (0.8, 1.6)),
        Mix(_WARM, (0.1, 0.25), (50, 7500), (-62, -48), (-1.0, 0.2)),
        ("Rock", "Jazz", "Folk"),
    ),
    Style(
        "Chiptune",
        Rhythm((125, 165), (4,), (0.0, 0.1), ("backbeat", "four", "drive"), "chip", (0.35, 0.7)),
        Harmony(("major", "minor", "dorian"), (*SONG, *MINOR_SONG), "triad"),
        _band("square triangle", "eighths octaves", "square pulse", "arpeggio", "pulse square", (1.4, 2.6)),
        Mix(_CLEAN, (0.0, 0.06), _OPEN, (-75, -60), (-0.2, 0.8)),
        ("Electronic", "Pop"),
    ),
    Style(
        "Classical",
        Rhythm((66, 126), (3, 4), (0.0, 0.05), ("none",), "brush", (0.0, 0.1)),
        Harmony(("major", "minor", "harmonic minor"), CADENCE, "triad"),
        _band("cello", "roots arco", "strings strings piano", "alberti pad", "violin violin flute piano", (1.0, 2.4)),
        Mix(_CLEAN, (0.25, 0.5), (35, 9500), (-70, -55), (-1.4, -0.2)),
        ("Soundtrack", "Folk", "Jazz"),
    ),
    Style(
        "Electronic",
        Rhythm((116, 136), (4,), (0.0, 0.15), ("four", "break"), "machine", (0.7, 1.1)),
        Harmony(("minor", "dorian", "phrygian"), (*STILL, *MINOR_SONG), "triad"),
        _band("acid saw", "offbeat sixteenths octaves", "sawpad pulse", "pad stabs arpeggio", "saw bell", (0.6, 1.8)),
        Mix((0.05, 0.3), (0.12, 0.3), _OPEN, (-75, -60), (-0.4, 0.8), (0.3, 0.7)),
        ("Pop", "Chiptune", "Trip-Hop"),
    ),
    Style(
        "Folk",
        Rhythm((84, 130), (3, 4), (0.0, 0.3), ("none", "sparse"), "brush", (0.0, 0.4)),
        Harmony(("major", "mixolydian", "dorian"), SONG, "triad"),
        _band("upright", "roots fifths", "steel nylon", "strum picking", "voice fiddle flute", (0.7, 1.5)),
        Mix(_CLEAN, (0.05, 0.2), (60, 9000), (-66, -52), (-0.8, 0.4)),
        ("Blues", "Pop", "Classical"),
    ),
    Style(
        "Hip-Hop",
        Rhythm((82, 104), (4,), (0.1, 0.5), ("hiphop", "break"), "machine", (0.8, 1.2)),
        Harmony(("minor", "dorian", "phrygian"), (*STILL, *RIFF), "seventh"),
        _band("sub", "long syncopated", "rhodes piano pulse", "stabs ostinato", "voice bell", (0.6, 1.6)),
        Mix((0.0, 0.2), (0.03, 0.15), (28, 9500), (-66, -50), (-1.2, 0.0), (0.0, 0.3)),
        ("Trip-Hop", "Electronic", "Jazz"),
    ),
    Style(
        "Indie-Rock",
        Rhythm((104, 148), (4,), (0.0, 0.1), ("backbeat", "drive"), "rock", (0.55, 0.85)),
        Harmony(("major", "mixolydian"), SONG, "triad"),
        _band("pick", "eighths roots", "electric steel", "strum picking", "voice electric", (0.8, 1.6)),
        Mix((0.1, 0.45), (0.1, 0.3), (45, 9500), (-66, -54), (-0.4, 0.6)),
        ("Rock", "Pop", "Post-Punk"),
    ),
    Style(
        "International",
        Rhythm((90, 140), (5, 7, 6), (0.0, 0.15), ("hand",), "hand", (0.5, 0.9)),
        Harmony(("phrygian dominant", "harmonic minor", "dorian"), STILL, "open"),
        _band("upright nylon", "drone roots", "oud nylon", "ostinato strum", "reed flute oud", (1.2, 2.4)),
        Mix(_CLEAN, (0.08, 0.25), (60, 9000), (-64, -52), (-0.6, 0.6)),
        ("Folk", "Jazz", "Psych-Folk"),
    ),
    Style(
        "Jazz",
        Rhythm((112, 190), (4, 3), (0.6, 1.0), ("ride",), "brush", (0.35, 0.7)),
        Harmony(("major", "dorian", "mixolydian"), TURNAROUND, "ninth"),
        _band("upright", "walking", "piano rhodes", "comping", "reed piano", (1.2, 2.4)),
        Mix(_CLEAN, (0.08, 0.25), (40, 9000), (-64, -50), (-1.2, 0.0)),
        ("Blues", "Classical", "Hip-Hop"),
    ),
    Style(
        "Metal",
        Rhythm((130, 190), (4,), (0.0, 0.05), ("blast", "double"), "metal", (0.6, 0.95)),
        Harmony(("phrygian", "minor", "harmonic minor"), RIFF, "power"),
        _band("pick", "sixteenths eighths", "electric", "chug power", "electric", (0.8, 2.4)),
        Mix(_HOT, (0.02, 0.12), (45, 10000), (-60, -48), (-0.4, 0.8)),
        ("Punk", "Rock", "Psych-Rock"),
    ),
    Style(
        "Old-Time",
        Rhythm((96, 138), (2, 4), (0.0, 0.4), ("none", "sparse"), "brush", (0.0, 0.3)),
        Harmony(("major", "mixolydian"), (*SONG, *CADENCE), "triad"),
        _band("upright", "fifths", "banjo steel", "picking strum", "fiddle banjo harmonica", (1.4, 2.6)),
        Mix((0.05, 0.25), (0.0, 0.08), (220, 4200), (-46, -34), (-0.8, 0.4)),
        ("Folk", "Blues"),
    ),
    Style(
        "Pop",
        Rhythm((98, 128), (4,), (0.0, 0.1), ("backbeat", "four"), "pop", (0.6, 0.9)),
        Harmony(("major", "minor"), SONG, "triad"),
        _band("saw finger", "eighths roots", "sawpad piano steel", "pad strum arpeggio", "voice", (0.9, 1.8)),
        Mix((0.0, 0.2), (0.1, 0.25), (35, 10500), (-75, -60), (0.0, 0.9), (0.0, 0.3)),
        ("Electronic", "Rock", "Folk"),
    ),
    Style(
        "Post-Punk",
        Rhythm((128, 166), (4,), (0.0, 0.05), ("drive", "backbeat"), "rock", (0.6, 0.9)),
        Harmony(("minor", "dorian", "phrygian"), (*MINOR_SONG, *RIFF), "open"),
        _band("pick", "eighths", "electric sawpad", "picking stabs", "voice electric", (0.5, 1.4)),
        Mix((0.15, 0.45), (0.2, 0.4), (50, 9000), (-64, -52), (-0.4, 0.5)),
        ("Indie-Rock", "Punk", "Electronic"),
    ),
    Style(
        "Post-Rock",
        Rhythm((84, 124), (4, 3), (0.0, 0.05), ("backbeat", "tom"), "rock", (0.4, 0.75)),
        Harmony(("major", "minor", "mixolydian"), (*SONG, *MINOR_SONG), "open"),
        _band("pick finger", "roots eighths", "electric", "power strum picking", "electric", (0.8, 2.2)),
        Mix((0.3, 0.7), (0.25, 0.5), (45, 9500), (-62, -50), (-0.8, 0.4)),
        ("Rock", "Psych-Rock", "Soundtrack"),
    ),
    Style(
        "Psych-Folk",
        Rhythm((76, 122), (3, 4), (0.0, 0.3), ("none", "sparse", "hand"), "brush", (0.0, 0.4)),
        Harmony(("dorian", "mixolydian", "minor"), (*STILL, *SONG), "open"),
        _band("upright", "drone roots", "steel nylon organ", "picking strum", "voice flute", (0.6, 1.5)),
        Mix((0.0, 0.15), (0.2, 0.4), (60, 8500), (-62, -48), (-1.0, 0.2)),
        ("Folk", "Psych-Rock", "International"),
    ),
    Style(
        "Psych-Rock",
        Rhythm((88, 136), (4,), (0.0, 0.3), ("backbeat", "tom"), "rock", (0.5, 0.85)),
        Harmony(("mixolydian", "dorian", "minor"), (*RIFF, *SONG), "open"),
        _band("pick finger", "eighths roots", "electric organ", "power strum", "electric organ", (0.8, 2.0)),
        Mix((0.35, 0.75), (0.2, 0.4), (50, 9000), (-60, -48), (-0.8, 0.4)),
        ("Rock", "Blues", "Psych-Folk"),
    ),
    Style(
        "Punk",
        Rhythm((150, 200), (4,), (0.0, 0.05), ("double", "drive"), "metal", (0.6, 0.95)),
        Harmony(("major", "minor", "mixolydian"), (*SONG, *RIFF), "power"),
        _band("pick", "eighths", "electric", "power chug", "voice electric", (0.8, 2.0)),
        Mix((0.6, 0.95), (0.02, 0.12), (60, 9500), (-58, -46), (-0.2, 0.8)),
        ("Metal", "Rock", "Post-Punk"),
    ),
    Style(
        "Rock",
        Rhythm((96, 146), (4,), (0.0, 0.2), ("backbeat", "tom", "drive"), "rock", (0.55, 0.9)),
        Harmony(("mixolydian", "major", "minor"), (*SONG, *RIFF), "power"),
        _band("pick finger", "eighths roots", "electric", "power strum", "voice electric", (0.8, 1.8)),
        Mix((0.4, 0.75), (0.06, 0.25), (45, 9500), (-62, -50), (-0.5, 0.5)),
        ("Blues", "Metal", "Pop"),
    ),
    Style(
        "Soundtrack",
        Rhythm((56, 92), (3, 4), (0.0, 0.05), ("none",), "brush", (0.0, 0.2)),
        Harmony(("minor", "lydian", "harmonic minor"), (*MINOR_SONG, *STILL), "ninth"),
        _band("cello sub", "drone arco", "strings sawpad", "pad", "bell piano flute", (0.2, 0.8)),
        Mix(_CLEAN, (0.4, 0.65), (28, 8000), (-66, -52), (-1.8, -0.4)),
        ("Classical", "Electronic", "Post-Rock"),
    ),
    Style(
        "Trip-Hop",
        Rhythm((68, 94), (4,), (0.1, 0.5), ("break", "hiphop"), "dusty", (0.65, 1.0)),
        Harmony(("minor", "dorian", "harmonic minor"), (*STILL, *MINOR_SONG), "ninth"),
        _band("sub upright", "long syncopated", "rhodes strings sawpad", "pad ostinato", "voice reed", (0.3, 1.0)),
        Mix((0.0, 0.25), (0.2, 0.4), (28, 7000), (-54, -40), (-1.8, -0.4), (0.0, 0.2)),
        ("Hip-Hop", "Electronic", "Soundtrack"),
    ),
)
STYLES: dict[str, Style] = {style.name: style for style in _STYLES}
