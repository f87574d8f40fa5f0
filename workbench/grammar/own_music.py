"""Verbs about a user's own music."""

from __future__ import annotations

from dataclasses import replace

from labsteps.text import Text
from workbench.exits import Exit
from workbench.grammar.arguments import COMMON, IN_SESSION, QUIET, SEED_VALUE, path, switch
from workbench.grammar.words import TYPED, Argument, Example, Reads, Refusal, Source, Verb

ROOT = Argument("root", Text("its folder", "ο φάκελός του"), metavar="ROOT", reads=Reads.PATH, sources=(Source.FOLDER,))

EXTRACT = Verb(
    "extract",
    Text("make a data set from a folder of audio", "σύνολο δεδομένων από έναν φάκελο με ήχο"),
    (
        Argument(
            "audio",
            Text("the folder of audio", "ο φάκελος με τον ήχο"),
            metavar="AUDIO",
            reads=Reads.PATH,
            sources=(Source.FOLDER,),
        ),
        path(
            "out",
            Text("where the data set goes", "πού πηγαίνει το σύνολο δεδομένων"),
            "ROOT",
            Source.FOLDER,
            required=True,
        ),
        path(
            "labels",
            Text(
                "CSV, TSV or FMA's tracks.csv; without it the folders' names are the labels",
                "CSV, TSV ή το tracks.csv του FMA· αλλιώς τα ονόματα των φακέλων",
            ),
            "FILE",
            Source.FILE,
        ),
        path(
            "affect",
            Text(
                "valence, energy and danceability: FMA's echonest.csv, or a table with these columns",
                "valence, energy, danceability: το echonest.csv του FMA, ή πίνακας με αυτές τις στήλες",
            ),
            "FILE",
            Source.FILE,
        ),
        Argument(
            "clips",
            Text(
                "which 30 seconds of a track: start, middle, several, or the whole track",
                "ποια 30 δευτερόλεπτα: start, middle, several, ή whole για όλο το κομμάτι",
            ),
            ("--clips",),
            choices=("start", "middle", "several", "whole"),
            default="start",
        ),
        Argument("seconds", Text("length of a clip", "διάρκεια ενός αποσπάσματος"), ("--seconds",), "S", default="30"),
        Argument(
            "test_share",
            Text(
                "part of each label's tracks kept for testing, where the labels do not say; artists never part",
                "ποσοστό κάθε κλάσης για το test, όπου δεν ορίζεται· οι καλλιτέχνες δεν χωρίζονται",
            ),
            ("--test-share",),
            "X",
            default="0.2",
        ),
        replace(SEED_VALUE, help=Text("seed of the draw of test tracks", "seed της κλήρωσης του test"), default=0),
        Argument(
            "jobs",
            Text("processes (default: one for each processor)", "διεργασίες (αλλιώς μία ανά επεξεργαστή)"),
            ("--jobs",),
            "N",
            reads=Reads.WHOLE,
            default=0,
        ),
        Argument(
            "shard",
            Text("work on shard I of N alone, for job arrays", "μόνο το μέρος I από N, για job arrays"),
            ("--shard",),
            "I/N",
        ),
        Argument(
            "timeout",
            Text("seconds after which a file is given up", "δευτερόλεπτα μετά τα οποία ένα αρχείο εγκαταλείπεται"),
            ("--timeout",),
            "S",
            default="120",
        ),
        switch(
            "replace",
            Text(
                "remove the clips of an earlier extraction there that had other settings or other audio",
                "αφαίρεση των δειγμάτων προηγούμενης εξαγωγής με άλλες ρυθμίσεις ή άλλον ήχο",
            ),
        ),
        QUIET,
        *COMMON,
    ),
    "workbench.commands.extract:run_extract",
    examples=(
        Example("data extract music --out my-data", Text("labels from folder names", "κλάσεις από τους φακέλους")),
        Example(
            "data extract fma_small --labels fma_metadata/tracks.csv --affect fma_metadata/echonest.csv --out fma",
            Text("the Free Music Archive", "το Free Music Archive"),
        ),
    ),
    refusals=(
        Refusal(
            Exit.USAGE,
            Text(
                "the folder holds clips of other settings or audio", "ο φάκελος έχει δείγματα από άλλες ρυθμίσεις ή ήχο"
            ),
        ),
        Refusal(Exit.DATA, Text("nothing in the folder can be used", "τίποτα στον φάκελο δεν χρησιμοποιείται")),
        Refusal(Exit.INTERRUPTED, Text("stopped; the same command goes on", "διακόπηκε· η ίδια εντολή συνεχίζει")),
    ),
    ways=TYPED,
)

FETCH = Verb(
    "fetch",
    Text(
        "download the lab's data set from Kaggle, or an archive of the Free Music Archive; what broke goes on",
        "λήψη του συνόλου του εργαστηρίου από το Kaggle, ή αρχείου του Free Music Archive· ό,τι κόπηκε συνεχίζει",
    ),
    (
        Argument(
            "what",
            Text(
                "kaggle (the lab's set, with an account there), fma_small (7.2 GiB of audio) or fma_metadata (342 MiB)",
                "kaggle (το σύνολο του εργαστηρίου, με λογαριασμό), fma_small (7.2 GiB ήχου) ή fma_metadata (342 MiB)",
            ),
            metavar="WHAT",
            count="?",
            choices=("kaggle", "fma_small", "fma_metadata"),
        ),
        path(
            "out", Text("where to (default: a cache folder)", "πού (αλλιώς σε έναν φάκελο cache)"), "DIR", Source.FOLDER
        ),
        Argument(
            "source",
            Text("a folder on another server with the same archives", "φάκελος σε άλλον server με τα ίδια αρχεία"),
            ("--from",),
            "URL",
        ),
        QUIET,
        *COMMON,
    ),
    "workbench.commands.fetch:run_fetch",
    examples=(
        Example("data fetch", Text("the lab's set, by kagglehub", "το σύνολο του εργαστηρίου, με το kagglehub")),
        Example("data fetch fma_metadata --out fma", Text("labels of 106,574 tracks", "ετικέτες 106 574 κομματιών")),
    ),
    refusals=(
        Refusal(Exit.USAGE, Text("kagglehub is not installed", "το kagglehub δεν είναι εγκατεστημένο")),
        Refusal(
            Exit.FAILED,
            Text("no connection, no credentials, or another file came", "χωρίς σύνδεση ή διαπιστευτήρια, ή ήρθε άλλο"),
        ),
        Refusal(Exit.DATA, Text("what came is not whole", "ό,τι ήρθε δεν είναι ολόκληρο")),
    ),
    ways=TYPED,
)

INFO = Verb(
    "info",
    Text(
        "statistics of a data set: classes, lengths, levels, duplicates, shared tracks, emotion values",
        "στατιστικά ενός συνόλου: κλάσεις, διάρκειες, στάθμες, διπλότυπα, κοινά κομμάτια, τιμές συναισθήματος",
    ),
    (
        ROOT,
        switch(
            "quick",
            Text("headers and indexes only: no levels, no duplicates", "μόνο κεφαλίδες: χωρίς στάθμες και διπλότυπα"),
        ),
        QUIET,
        *COMMON,
    ),
    "workbench.commands.info:run_info",
    examples=(Example("data info ROOT", Text("tables and figures", "πίνακες και σχήματα")),),
    refusals=(Refusal(Exit.DATA, Text("a file cannot be read", "ένα αρχείο δεν διαβάζεται")),),
    ways=TYPED,
)

PREDICT = Verb(
    "predict",
    Text("genre and emotion of audio files", "είδος και συναίσθημα αρχείων ήχου"),
    (
        Argument("files", Text("audio files", "αρχεία ήχου"), metavar="FILE", count="+", sources=(Source.FILE,)),
        Argument(
            "model",
            Text(
                "a part (7.1e, 5e/beat), a run, or a file of `models export`; once for each (default: the best of the"
                " session by validation, for genre and for each axis)",
                "ένα μέρος (7.1e, 5e/beat), μια εκτέλεση ή αρχείο του `models export`· μία φορά για καθένα (αλλιώς τα"
                " καλύτερα της συνεδρίας στο validation)",
            ),
            ("--model",),
            "MODEL",
            count="*",
            sources=(Source.PART, Source.RUN, Source.FILE),
            default=(),
        ),
        Argument("seconds", Text("length of a window", "διάρκεια ενός παραθύρου"), ("--seconds",), "S", default="30"),
        switch(
            "timeline",
            Text("draw the course over the track for several files too", "η πορεία στο κομμάτι και για πολλά αρχεία"),
        ),
        path(
            "csv",
            Text("write a line for each file, window and output there", "μία γραμμή για κάθε παράθυρο και έξοδο"),
            "FILE",
            Source.FILE,
        ),
        Argument(
            "timeout",
            Text("seconds after which a file is given up", "δευτερόλεπτα μετά τα οποία ένα αρχείο εγκαταλείπεται"),
            ("--timeout",),
            "S",
            default="600",
        ),
        QUIET,
        *IN_SESSION,
    ),
    "workbench.commands.predict:run_predict",
    examples=(
        Example("predict song.mp3", Text("by the best models of the session", "με τα καλύτερα της συνεδρίας")),
        Example("predict *.flac --model genre.safetensors --csv told.csv", Text("without one", "χωρίς συνεδρία")),
    ),
    refusals=(
        Refusal(Exit.USAGE, Text("there is no trained model", "δεν υπάρχει εκπαιδευμένο μοντέλο")),
        Refusal(Exit.DATA, Text("a file cannot be heard; the others are told", "ένα αρχείο δεν διαβάζεται")),
    ),
)
