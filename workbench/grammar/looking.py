"""Verbs for what the app shows on screens of its own: what comes next, the log, the machine."""

from __future__ import annotations

from dataclasses import replace

from labsteps.text import Text
from workbench.exits import Exit
from workbench.grammar.arguments import ANY_RUN, IN_SESSION, switch
from workbench.grammar.words import Argument, Example, Reads, Refusal, Verb

NEXT = Verb(
    "next",
    Text("the part that is best done next, and how", "το μέρος που ακολουθεί, και πώς"),
    IN_SESSION,
    "workbench.commands.looking:run_next",
    examples=(Example("next", Text("a part and its command", "ένα μέρος και η εντολή του")),),
)

LOG = Verb(
    "log",
    Text(
        "what the session's newest runs have said, or all of one run",
        "τι έχουν πει οι νεότερες εκτελέσεις της συνεδρίας, ή όλα μιας εκτέλεσης",
    ),
    (
        replace(ANY_RUN, count="?"),
        switch("warnings", Text("warnings and errors alone", "μόνο προειδοποιήσεις και σφάλματα")),
        switch(
            "worker",
            Text("what the run's process has printed, libraries too", "ό,τι τύπωσε η διεργασία της, και βιβλιοθήκες"),
        ),
        Argument(
            "last",
            Text("so many of the last lines", "τόσες από τις τελευταίες γραμμές"),
            ("--last",),
            "N",
            reads=Reads.WHOLE,
            default=50,
        ),
        *IN_SESSION,
    ),
    "workbench.commands.looking:run_log",
    examples=(
        Example("log --warnings", Text("what went wrong of late", "τι πήγε στραβά τελευταία")),
        Example("log 7.1e --worker", Text("worker.log of its newest run", "το worker.log της νεότερης εκτέλεσης")),
    ),
    refusals=(
        Refusal(Exit.SESSION, Text("the session has no such run", "η συνεδρία δεν έχει τέτοια εκτέλεση")),
        Refusal(Exit.USAGE, Text("--worker without a run", "--worker χωρίς εκτέλεση")),
    ),
)

SYSTEM = Verb(
    "system",
    Text(
        "the machine now: processor, memory, GPUs, disks, and what waits for a device",
        "το μηχάνημα τώρα: επεξεργαστής, μνήμη, GPUs, δίσκοι, και τι περιμένει για συσκευή",
    ),
    IN_SESSION,
    "workbench.commands.system:run_system",
    examples=(Example("system", Text("before a run, or while one waits", "πριν από μια εκτέλεση, ή όσο περιμένει")),),
)

TRACK = Verb(
    "track",
    Text(
        "where a track lies on the maps of a run, what is near it, and its spectrogram in words",
        "πού βρίσκεται ένα κομμάτι στους χάρτες μιας εκτέλεσης, τι είναι κοντά, και το φασματογράφημά του με λόγια",
    ),
    (
        ANY_RUN,
        Argument("track", Text("the track's id", "το id του κομματιού"), metavar="TRACK"),
        *IN_SESSION,
    ),
    "workbench.commands.track:run_track",
    examples=(Example("track 11b 66524", Text("on every map of 11β", "σε κάθε χάρτη του 11β")),),
    refusals=(
        Refusal(Exit.SESSION, Text("the session has no such run", "η συνεδρία δεν έχει τέτοια εκτέλεση")),
        Refusal(Exit.USAGE, Text("it has no map, or none with the track", "δεν έχει χάρτη, ή κανέναν με το κομμάτι")),
    ),
)

WORK = (NEXT, LOG)
RESULTS = (TRACK,)
PLACES = (SYSTEM,)
