"""Parameters and values of the parts that look at the data, steps 0 to 4; part of the catalogue."""

from __future__ import annotations

from labsteps.catalogue import ValueSpec
from labsteps.parameter import Parameter
from labsteps.text import Text

DRAW = Parameter(
    "draw",
    0,
    Text("number of the draw; another one takes other tracks", "αριθμός κλήρωσης· άλλος αριθμός παίρνει άλλα κομμάτια"),
    minimum=0,
    maximum=1_000_000,
)

TIMING = (
    DRAW,
    Parameter(
        "hidden_size", 64, Text("units of the LSTM that is timed", "μονάδες του LSTM που χρονομετρείται"), 1, 4096
    ),
    Parameter("batch_size", 16, Text("clips in a batch", "δείγματα ανά batch"), minimum=1, maximum=4096, unit="clips"),
    Parameter("repeats", 5, Text("steps timed at each length", "βήματα που χρονομετρούνται ανά μήκος"), 1, 1000),
)


def _spec(name: str, en: str, el: str, unit: str = "", digits: int = 0, better: str = "") -> ValueSpec:
    return ValueSpec(name, Text(en, el), unit, better, digits)


def _both(name: str, en: str, el: str, unit: str = "", digits: int = 0) -> tuple[ValueSpec, ValueSpec]:
    return (
        _spec(f"first/{name}", f"first track, {en}", f"πρώτο κομμάτι, {el}", unit, digits),
        _spec(f"second/{name}", f"second track, {en}", f"δεύτερο κομμάτι, {el}", unit, digits),
    )


DATA_VALUES = (
    _spec("clips", "clips listed", "δείγματα στα ευρετήρια"),
    _spec("size", "size of the arrays", "μέγεθος των πινάκων", "GB", 2),
    _spec("problems", "problems", "προβλήματα", better="lower"),
    _spec("warnings", "warnings", "προειδοποιήσεις", better="lower"),
    _spec("shared", "tracks in both sets", "κομμάτια και στα δύο σύνολα"),
    _spec("devices", "devices", "συσκευές"),
)
MEL_VALUES = (
    *_both("frames", "frames", "πλαίσια"),
    *_both("seconds", "length", "διάρκεια", "s", 2),
    *_both("min", "lowest level", "ελάχιστη στάθμη", "dB", 1),
    *_both("max", "highest level", "μέγιστη στάθμη", "dB", 1),
)
_CENTROID = _both("centroid", "spectral centroid", "φασματικό κέντρο", "Hz")
_RANGE = _both("dynamic_range", "dynamic range", "δυναμικό εύρος", "dB", 1)
COMPARED_VALUES = (*_CENTROID, *_both("onsets", "onset density", "πυκνότητα onset", "1/s", 2), *_RANGE)
COST_VALUES = (
    _spec("seconds_per_step/frames", "training step by frames", "βήμα εκπαίδευσης σε πλαίσια", "s", 4, "lower"),
    _spec("seconds_per_step/beats", "training step by beats", "βήμα εκπαίδευσης σε beats", "s", 4, "lower"),
    _spec("ratio", "ratio of the two", "λόγος των δύο", "", 1),
    _spec("median_length/frames", "median length by frames", "διάμεσο μήκος σε πλαίσια", "frames"),
    _spec("median_length/beats", "median length by beats", "διάμεσο μήκος σε beats", "beats"),
)
BEAT_VALUES = (
    *_both("beats", "beats", "beats"),
    *_both("tempo", "tempo", "τέμπο", "beats/min", 1),
    *_CENTROID,
    *_RANGE,
)
CHROMA_VALUES = (
    *_both("entropy_frames", "chroma entropy by frames", "εντροπία chroma σε πλαίσια", "bit", 2),
    *_both("entropy_beats", "chroma entropy by beats", "εντροπία chroma σε beats", "bit", 2),
)
ITEM_VALUES = (
    _spec("clips", "items after the merge", "δείγματα μετά τη συγχώνευση"),
    _spec("length", "true length", "πραγματικό μήκος", "frames"),
    _spec("padded_length", "padded length", "μήκος με padding", "frames"),
    _spec("padding", "padding", "padding", "frames"),
    _spec("label", "label", "label"),
)
MERGE_VALUES = (
    _spec("classes/before", "genres before", "είδη πριν"),
    _spec("classes/after", "classes after", "κλάσεις μετά"),
    _spec("train/before", "training clips before", "δείγματα εκπαίδευσης πριν"),
    _spec("train/after", "training clips after", "δείγματα εκπαίδευσης μετά"),
    _spec("test/before", "test clips before", "δείγματα ελέγχου πριν"),
    _spec("test/after", "test clips after", "δείγματα ελέγχου μετά"),
)
BALANCE_VALUES = (
    _spec("imbalance/before", "largest to smallest, before", "μεγαλύτερη προς μικρότερη, πριν", "", 2),
    _spec("imbalance/after", "largest to smallest, after", "μεγαλύτερη προς μικρότερη, μετά", "", 2),
)
