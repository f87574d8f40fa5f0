"""Verbs about sessions, settings, data, this machine, and the prompt itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from labsteps.text import Text
from workbench.exits import Exit
from workbench.grammar.arguments import (
    CHOSEN,
    COMMON,
    DATA,
    DEVICE,
    IN_SESSION,
    JSON,
    LANGUAGE,
    SEED_VALUE,
    SESSION,
    SESSIONS_DIR,
    path,
    switch,
)
from workbench.grammar.handing_in import REPORT
from workbench.grammar.own_music import EXTRACT, FETCH, INFO, PREDICT, ROOT
from workbench.grammar.weights import MODELS
from workbench.grammar.words import (
    INSIDE,
    OUTSIDE,
    TYPED,
    Argument,
    Example,
    Reads,
    Refusal,
    Source,
    Verb,
    Way,
)

_SESSIONS = "workbench.commands.sessions:run_sessions"
_DATA = "workbench.commands.data:run_data"
_CONFIG = "workbench.commands.config:run_config"
_NOT_THERE = Refusal(
    Exit.SESSION, Text("there is no such session, or it cannot be read", "δεν υπάρχει ή δεν διαβάζεται η συνεδρία")
)

OPEN = Verb(
    "open",
    Text("open a session; from then on it is the last one", "άνοιγμα συνεδρίας· από εδώ και πέρα είναι η τελευταία"),
    (
        Argument("name", Text("its name", "το όνομά της"), metavar="SESSION", sources=(Source.SESSION,)),
        *COMMON,
    ),
    "workbench.commands.settings:run_open",
    examples=(Example("open thesis", Text("what follows is about it", "ό,τι ακολουθεί την αφορά")),),
    refusals=(_NOT_THERE,),
)

SET = Verb(
    "set",
    Text(
        "set parameters for the runs started here, or the session's seed, language and device",
        "παράμετροι για τις επόμενες εκτελέσεις εδώ, ή seed, γλώσσα και συσκευή της συνεδρίας",
    ),
    (
        Argument(
            "words",
            Text(
                "parts (all when none is named), and name=value; name= takes it back; without words: what is set",
                "μέρη (όλα αν δεν δοθεί κανένα) και όνομα=τιμή· όνομα= το αναιρεί· χωρίς λέξεις: τι ισχύει",
            ),
            metavar="ID|NAME=VALUE",
            count="*",
            sources=(Source.PART, Source.SETTING, Source.ASSIGNMENT),
        ),
        *IN_SESSION,
    ),
    "workbench.commands.settings:run_set",
    examples=(
        Example("set 5γ epochs=20", Text("for the runs of 5γ that are started here", "για τις εκτελέσεις του 5γ εδώ")),
        Example("set subset=200", Text("for every part that takes it", "για κάθε μέρος που τη δέχεται")),
        Example("set seed=3 language=el", Text("of the session, kept", "της συνεδρίας, μόνιμα")),
    ),
    refusals=(
        Refusal(
            Exit.USAGE,
            Text(
                "no such parameter, a value out of range, or a part's parameter outside the prompt",
                "άγνωστη παράμετρος, τιμή εκτός ορίων, ή παράμετρος μέρους έξω από το prompt",
            ),
        ),
    ),
)

DEVICE_VERB = Verb(
    "device",
    Text("list the devices of this machine, or choose the session's", "οι συσκευές του μηχανήματος, ή η επιλογή μιας"),
    (
        Argument(
            "chosen",
            Text("auto, cpu, cuda:0 …", "auto, cpu, cuda:0 …"),
            metavar="D",
            count="?",
            sources=(Source.DEVICE,),
        ),
        *IN_SESSION,
    ),
    "workbench.commands.settings:run_device",
    examples=(
        Example("device", Text("what there is", "τι υπάρχει")),
        Example("device cuda:0", Text("the session's runs go there", "εκεί πάνε οι εκτελέσεις της συνεδρίας")),
    ),
    refusals=(Refusal(Exit.USAGE, Text("this machine has no such device", "δεν υπάρχει τέτοια συσκευή εδώ")),),
)


def _name(text: Text, source: Source = Source.SESSION, **more: Any) -> Argument:
    return replace(Argument("name", text, metavar="NAME", sources=(source,)), **more)


_ITS_NAME = _name(Text("the session", "η συνεδρία"))
_NEW_NAME = Argument("new", Text("the new name", "το νέο όνομα"), metavar="NEW")
_ARCHIVE = Argument(
    "archive",
    Text("the archive, .tar.gz", "το αρχείο, .tar.gz"),
    metavar="ARCHIVE",
    reads=Reads.PATH,
    sources=(Source.FILE,),
)


def _sessions_verb(name: str, en: str, el: str, *arguments: Argument, example: str = "") -> Verb:
    examples = (Example(f"sessions {example or name}", Text(en, el)),)
    return Verb(name, Text(en, el), (*arguments, *COMMON), _SESSIONS, examples=examples, ways=TYPED)


SESSIONS = Verb(
    "sessions",
    Text("list, make, move and remove sessions", "κατάλογος, δημιουργία, μεταφορά και αφαίρεση συνεδριών"),
    COMMON,
    _SESSIONS,
    verbs=(
        _sessions_verb("list", "list the sessions, recent first (the default)", "κατάλογος, οι πρόσφατες πρώτες"),
        _sessions_verb(
            "new",
            "make a session",
            "νέα συνεδρία",
            _name(Text("its name", "το όνομά της"), Source.NOTHING),
            replace(DATA, shared=False),
            replace(DEVICE, shared=False),
            replace(SEED_VALUE, shared=True),
            example="new thesis --data ROOT",
        ),
        _sessions_verb(
            "show",
            "one session: its settings and runs",
            "μια συνεδρία: ρυθμίσεις και εκτελέσεις",
            replace(_ITS_NAME, count="?"),
            example="show thesis",
        ),
        _sessions_verb(
            "rename", "give a session another name", "μετονομασία", _ITS_NAME, _NEW_NAME, example="rename demo first"
        ),
        _sessions_verb("copy", "copy a session", "αντίγραφο", _ITS_NAME, _NEW_NAME, example="copy thesis trial"),
        _sessions_verb(
            "export",
            "write a session to one archive",
            "εξαγωγή σε ένα αρχείο",
            _ITS_NAME,
            _ARCHIVE,
            example="export thesis thesis.tar.gz",
        ),
        _sessions_verb(
            "import",
            "bring a session in from an archive",
            "εισαγωγή από αρχείο",
            _ARCHIVE,
            _name(Text("another name for it", "άλλο όνομα"), Source.NOTHING, flags=("--name",)),
            example="import thesis.tar.gz --name again",
        ),
        _sessions_verb(
            "remove", "move a session to the trash", "μεταφορά στον κάδο", _ITS_NAME, example="remove trial"
        ),
        _sessions_verb("trash", "list the trash", "τα περιεχόμενα του κάδου"),
        _sessions_verb(
            "restore",
            "take a session out of the trash",
            "επαναφορά από τον κάδο",
            _name(Text("its name there", "το όνομά της εκεί"), Source.REMOVED_SESSION),
            example="restore trial",
        ),
        _sessions_verb(
            "empty-trash",
            "delete for good what is in the trash, after a question",
            "οριστική διαγραφή του κάδου, μετά από ερώτηση",
            switch("yes", Text("do not ask", "χωρίς ερώτηση")),
        ),
    ),
    implied="list",
    examples=(
        Example("sessions", Text("the list", "ο κατάλογος")),
        Example("sessions new thesis --data ROOT", Text("one on your data", "μία στα δεδομένα σας")),
        Example("sessions export thesis thesis.tar.gz", Text("to take it elsewhere", "για μεταφορά αλλού")),
    ),
    refusals=(_NOT_THERE,),
)

_SETTING = Argument("name", Text("a setting", "μια ρύθμιση"), metavar="SETTING", sources=(Source.CONFIG,))
_IN_SESSION = switch("in_session", Text("for the session alone", "μόνο για τη συνεδρία"))


def _config_verb(name: str, text: Text, *arguments: Argument, example: str) -> Verb:
    examples = (Example(f"config {example}", text),)
    return Verb(name, text, (*arguments, *IN_SESSION), _CONFIG, examples=examples, ways=TYPED)


CONFIG = Verb(
    "config",
    Text(
        "settings: what counts and where it comes from; set one, or take it back",
        "ρυθμίσεις: τι ισχύει και από πού· ορισμός ή αναίρεση",
    ),
    IN_SESSION,
    _CONFIG,
    verbs=(
        _config_verb(
            "show",
            Text("every setting and where its value comes from, or all about one", "όλες οι ρυθμίσεις και η πηγή τους"),
            replace(_SETTING, count="?"),
            example="show device",
        ),
        _config_verb(
            "set",
            Text("set one in the user's file, or for the session", "ορισμός στο αρχείο του χρήστη ή στη συνεδρία"),
            _SETTING,
            Argument("value", Text("its value", "η τιμή της"), metavar="VALUE", sources=(Source.CONFIG_VALUE,)),
            _IN_SESSION,
            example="set theme light",
        ),
        _config_verb(
            "unset",
            Text("take one out of the user's file, or of the session", "αναίρεση"),
            _SETTING,
            _IN_SESSION,
            example="unset theme",
        ),
    ),
    implied="show",
    examples=(
        Example("config show", Text("what counts, and why", "τι ισχύει, και γιατί")),
        Example("config set device cpu", Text("for all sessions of yours", "για όλες τις συνεδρίες σας")),
        Example("config set tensorboard true --in-session", Text("for one session", "για μία συνεδρία")),
    ),
    refusals=(
        Refusal(Exit.USAGE, Text("no such setting, or a value out of range", "άγνωστη ρύθμιση ή τιμή εκτός ορίων")),
    ),
)

DATA_VERB = Verb(
    "data",
    Text("build and check data sets", "δημιουργία και έλεγχος συνόλων δεδομένων"),
    COMMON,
    verbs=(
        Verb(
            "demo",
            Text("build the demo set, music made by code", "το σύνολο επίδειξης, μουσική από κώδικα"),
            (
                path(
                    "out",
                    Text("where to (default: the user's cache folder)", "πού (αλλιώς στον φάκελο cache)"),
                    "ROOT",
                    Source.FOLDER,
                ),
                replace(SEED_VALUE, help=Text("seed of the composition", "seed της σύνθεσης"), default=0),
                *COMMON,
            ),
            _DATA,
            examples=(Example("data demo", Text("and prints its folder", "και τυπώνει τον φάκελό του")),),
        ),
        Verb(
            "check",
            Text("name everything that is wrong with a data set", "ό,τι είναι λάθος σε ένα σύνολο δεδομένων"),
            (
                replace(
                    ROOT,
                    count="?",
                    help=Text(
                        "its folder (default: that of the settings or of the last session)",
                        "ο φάκελός του (αλλιώς: των ρυθμίσεων ή της τελευταίας συνεδρίας)",
                    ),
                ),
                switch(
                    "quick", Text("look at headers and sizes only, not at every value", "μόνο κεφαλίδες και μεγέθη")
                ),
                *COMMON,
            ),
            _DATA,
            refusals=(Refusal(Exit.DATA, Text("there are problems", "υπάρχουν προβλήματα")),),
        ),
        EXTRACT,
        INFO,
        FETCH,
    ),
    examples=(Example("data check ROOT", Text("before a long run", "πριν από μια μεγάλη εκτέλεση")),),
)

DOCTOR = Verb(
    "doctor",
    Text("what this machine can do, and what may go wrong", "τι μπορεί αυτό το μηχάνημα, και τι μπορεί να πάει στραβά"),
    (*CHOSEN, *COMMON),
    "workbench.commands.doctor:run_doctor",
    examples=(
        Example("doctor", Text("before the first long run", "πριν από την πρώτη μεγάλη εκτέλεση")),
        Example("doctor --json", Text("for a report of a fault", "για αναφορά σφάλματος")),
    ),
)

REPL = Verb(
    "repl",
    Text(
        "the prompt; with -c or with a file on stdin, a script",
        "το prompt· με -c ή με αρχείο στο stdin, ένα script",
    ),
    (
        Argument(
            "commands",
            Text("do this and leave; can be given several times", "εκτέλεση και έξοδος· μπορεί να επαναληφθεί"),
            ("-c", "--command"),
            "COMMAND",
            count="*",
            default=(),
        ),
        switch("keep_going", Text("go on after a line that fails", "συνέχεια μετά από γραμμή που αποτυγχάνει")),
        replace(
            JSON,
            help=Text(
                "have every command that can print one JSON object do so",
                "κάθε εντολή που μπορεί τυπώνει ένα αντικείμενο JSON",
            ),
        ),
        SESSION,
        SESSIONS_DIR,
        LANGUAGE,
    ),
    "workbench.repl.prompt:run_repl",
    examples=(
        Example("repl", Text("the prompt; tab completes, F1 or help explains", "το prompt· tab συμπληρώνει")),
        Example('repl -c "show 6 --json" | python -m json.tool', Text("one command in a pipe", "μια εντολή σε pipe")),
        Example("repl < commands.txt", Text("a script; # begins a comment", "ένα script· # για σχόλια")),
    ),
    refusals=(Refusal(Exit.USAGE, Text("a line that cannot be read", "γραμμή που δεν διαβάζεται")),),
    ways=OUTSIDE,
)

HELP = Verb(
    "help",
    Text(
        "what the commands are, or all about one of them; the parameters of a part",
        "οι εντολές, ή όλα για μία από αυτές· οι παράμετροι ενός μέρους",
    ),
    (
        Argument(
            "words",
            Text("a command, a part or a step", "μια εντολή, ένα μέρος ή ένα βήμα"),
            metavar="COMMAND|ID",
            count="*",
            sources=(Source.VERB, Source.PART),
        ),
        LANGUAGE,
    ),
    "workbench.commands.help:run_help",
    examples=(
        Example("help run", Text("all about run", "όλα για το run")),
        Example("help 9d", Text("9δ and its parameters, with ranges and defaults", "το 9δ και οι παράμετροί του")),
    ),
    refusals=(Refusal(Exit.USAGE, Text("there is no such command or part", "δεν υπάρχει τέτοια εντολή ή μέρος")),),
    ways=frozenset({Way.COMMAND_LINE, Way.PROMPT, Way.APP}),
)

QUIT = Verb(
    "quit",
    Text("leave; runs go on", "έξοδος· οι εκτελέσεις συνεχίζονται"),
    handler="workbench.commands.help:leave",
    aliases=("exit",),
    examples=(Example("quit", Text("or ctrl-d", "ή ctrl-d")),),
    ways=INSIDE,
)

VERBS = (OPEN, SESSIONS, SET, DEVICE_VERB, CONFIG, DATA_VERB, MODELS, PREDICT, REPORT, DOCTOR, REPL, HELP, QUIT)
