"""Arguments that several verbs take."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from labsteps.text import Text
from workbench.grammar.words import Argument, Reads, Source


def switch(name: str, help: Text, **more: Any) -> Argument:
    """Return a flag without a value, ``--name``, which is False where it is not given."""
    return replace(Argument(name, help, (_flag(name),), reads=Reads.SWITCH, default=False), **more)


def path(name: str, help: Text, metavar: str, source: Source, **more: Any) -> Argument:
    """Return a flag with a path, ``--name``, which is completed from a source."""
    return replace(Argument(name, help, (_flag(name),), metavar, reads=Reads.PATH, sources=(source,)), **more)


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


SESSIONS_DIR = path(
    "sessions_dir",
    Text("folder of the saved sessions", "φάκελος των αποθηκευμένων συνεδριών"),
    "DIR",
    Source.FOLDER,
    shared=True,
)
JSON = Argument(
    "json",
    Text("print one JSON object on stdout", "ένα αντικείμενο JSON στο stdout"),
    ("--json",),
    reads=Reads.SWITCH,
    shared=True,
)
SESSION = Argument(
    "session",
    Text("name of the session; the last one by default", "όνομα της συνεδρίας· αλλιώς η τελευταία"),
    ("--session",),
    "S",
    sources=(Source.SESSION,),
    shared=True,
)
DATA = path(
    "data",
    Text("folder that holds fma_genre_spectrograms", "ο φάκελος που περιέχει το fma_genre_spectrograms"),
    "ROOT",
    Source.FOLDER,
    shared=True,
)
DEVICE = Argument(
    "device",
    Text("auto, cpu, cuda:0 …", "auto, cpu, cuda:0 …"),
    ("--device",),
    "D",
    sources=(Source.DEVICE,),
    shared=True,
)
LANGUAGE = Argument(
    "lang",
    Text("language of what is printed", "γλώσσα όσων τυπώνονται"),
    ("--lang",),
    choices=("en", "el"),
    shared=True,
)
COMMON = (SESSIONS_DIR, JSON, LANGUAGE)
IN_SESSION = (SESSION, *COMMON)
CHOSEN = (SESSION, DATA, DEVICE)
SEED_VALUE = Argument(
    "seed", Text("seed of every random choice", "seed κάθε τυχαίας επιλογής"), ("--seed",), "N", reads=Reads.SEED
)
WATCH = Argument(
    "watch",
    Text(
        "draw the curve while a run goes on, on a terminal",
        "σχεδίαση της καμπύλης όσο τρέχει μια εκτέλεση, σε τερματικό",
    ),
    ("--watch",),
    reads=Reads.SWITCH,
    shared=True,
)
QUIET = switch(
    "quiet", Text("no narration on stderr, only what went wrong", "χωρίς αφήγηση στο stderr, μόνο ό,τι πήγε στραβά")
)

APP = (
    switch(
        "low_bandwidth",
        Text("draw the app seldom, for a slow connection", "σπάνια σχεδίαση της εφαρμογής, για αργή σύνδεση"),
    ),
    switch(
        "plain",
        Text(
            "plain lines in place of the app, for screen readers and logs",
            "απλές γραμμές αντί για την εφαρμογή, για αναγνώστες οθόνης και αρχεία",
        ),
    ),
)
"""The flags of the app, which opens where no command and no step is named."""

BATCH = (
    Argument(
        "set",
        Text(
            "change a parameter; 5c:NAME=VALUE changes it for that part or step alone",
            "αλλαγή μιας παραμέτρου· 5c:NAME=VALUE μόνο για εκείνο το μέρος ή βήμα",
        ),
        ("--set",),
        "NAME=VALUE",
        count="*",
        sources=(Source.ASSIGNMENT,),
        default=(),
    ),
    replace(
        SEED_VALUE,
        help=Text(
            "seed of every random choice (default: the session's)",
            "seed κάθε τυχαίας επιλογής (αλλιώς της συνεδρίας)",
        ),
    ),
    Argument(
        "subset",
        Text("use only N training clips", "χρήση μόνο N δειγμάτων εκπαίδευσης"),
        ("--subset",),
        "N",
        reads=Reads.WHOLE,
    ),
    switch("with_prerequisites", Text("run first what the part builds on", "πρώτα όσα χρειάζεται το μέρος")),
    switch(
        "dry_run",
        Text(
            "show what would run and about how long it would take; start nothing",
            "τι θα εκτελεστεί και πόσο περίπου θα διαρκέσει· δεν ξεκινά τίποτα",
        ),
    ),
    switch("detach", Text("start and return; the run goes on", "εκκίνηση και επιστροφή· η εκτέλεση συνεχίζεται")),
    switch(
        "force",
        Text(
            "run again what is finished, of the parts that are named",
            "επανάληψη όσων έχουν ολοκληρωθεί, από τα μέρη που δόθηκαν",
        ),
    ),
    replace(WATCH, shared=False, default=False),
    switch(
        "tensorboard",
        Text(
            "write TensorBoard event files beside each run that ends",
            "αρχεία TensorBoard δίπλα σε κάθε εκτέλεση που τελειώνει",
        ),
    ),
    switch(
        "profile",
        Text(
            "tell where the time goes, and trace a few steps; a run without a whole such table is made again",
            "πού πηγαίνει ο χρόνος, με ίχνος λίγων βημάτων· εκτέλεση χωρίς ολόκληρο τέτοιον πίνακα ξαναγίνεται",
        ),
    ),
    QUIET,
)
"""The flags of ``--step``, which `run` takes too."""

RUN = Argument(
    "run",
    Text(
        "a part (7.1ε) or a run's id; the one that goes on when left out",
        "ένα μέρος (7.1ε) ή το id μιας εκτέλεσης· αλλιώς αυτή που τρέχει",
    ),
    metavar="RUN",
    count="?",
    sources=(Source.LIVE_RUN,),
)
ANY_RUN = Argument(
    "run",
    Text(
        "a part (7.1ε), whose newest run is meant, or a run's id or so much of its beginning or end that it is clear",
        "ένα μέρος (7.1ε, η νεότερη εκτέλεσή του) ή id, ή όσο από την αρχή ή το τέλος του φτάνει",
    ),
    metavar="RUN",
    sources=(Source.PART, Source.RUN),
)
SHOWN = Argument(
    "part",
    Text("a part: 1γ, 1c; a step; or a run's id", "ένα μέρος: 1γ, 1c· ένα βήμα· ή id εκτέλεσης"),
    metavar="ID",
    sources=(Source.PART, Source.RUN),
)
PART = Argument(
    "part",
    Text("a part: 1γ, 1c; or a step", "ένα μέρος: 1γ, 1c· ή ένα βήμα"),
    metavar="ID",
    sources=(Source.PART,),
)


def shared(arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """Return flags as they are for a verb below one that has them already."""
    return tuple(replace(argument, shared=True) for argument in arguments)
