"""Verbs that start runs and speak to them."""

from __future__ import annotations

from labsteps.text import Text
from workbench.exits import Exit
from workbench.grammar.arguments import BATCH, CHOSEN, COMMON, IN_SESSION, RUN, WATCH, shared
from workbench.grammar.words import Argument, Example, Refusal, Source, Verb

_CONTROL = "workbench.commands.control:run_control"
_NO_SUCH_RUN = Refusal(Exit.SESSION, Text("the session has no such run", "η συνεδρία δεν έχει τέτοια εκτέλεση"))
_NOT_LIVE = Refusal(Exit.USAGE, Text("the run is not going on", "η εκτέλεση δεν τρέχει"))

STEPS = Verb(
    "steps",
    Text("list the steps and parts with their state", "τα βήματα και τα μέρη, με την κατάστασή τους"),
    (*CHOSEN, *COMMON),
    "workbench.commands.steps:list_steps",
    examples=(Example("steps --lang el", Text("the list in Greek", "ο κατάλογος στα ελληνικά")),),
)

RUN_VERB = Verb(
    "run",
    Text("run parts or steps, with parameters", "εκτέλεση μερών ή βημάτων, με παραμέτρους"),
    (
        Argument(
            "words",
            Text(
                "parts and steps (5γ, 5c, 7.1), and parameters as name=value; `help 5c` lists a part's own",
                "μέρη και βήματα (5γ, 5c, 7.1), και παράμετροι ως όνομα=τιμή· το `help 5c` τις δείχνει",
            ),
            metavar="ID|NAME=VALUE",
            count="+",
            sources=(Source.PART, Source.ASSIGNMENT),
        ),
        *CHOSEN,
        *COMMON,
        *shared(BATCH),
    ),
    "workbench.commands.run:run_parts",
    examples=(
        Example("run 5γ epochs=20 lr=1e-3", Text("one part, two parameters", "ένα μέρος, δύο παράμετροι")),
        Example("run 5 6 subset=200", Text("two steps on 200 clips", "δύο βήματα σε 200 δείγματα")),
        Example("run 7.1e --detach", Text("start it and return", "εκκίνηση και επιστροφή")),
        Example("help 7.1e", Text("the parameters that it takes, with ranges", "οι παράμετροι που δέχεται, με όρια")),
    ),
    refusals=(
        Refusal(Exit.USAGE, Text("no such part or parameter, or a value out of range", "άγνωστο μέρος ή παράμετρος")),
        Refusal(Exit.FAILED, Text("a run failed", "μια εκτέλεση απέτυχε")),
        Refusal(Exit.DATA, Text("the data are missing or malformed", "τα δεδομένα λείπουν ή είναι χαλασμένα")),
        Refusal(
            Exit.INTERRUPTED,
            Text("a run was interrupted; the same command takes it up again", "διακόπηκε· η ίδια εντολή τη συνεχίζει"),
        ),
    ),
)

STATUS = Verb(
    "status",
    Text("the runs of the session and how far they are", "οι εκτελέσεις της συνεδρίας και η πρόοδός τους"),
    (WATCH, *IN_SESSION),
    _CONTROL,
    examples=(Example("status --watch", Text("until nothing goes on any more", "μέχρι να μην τρέχει τίποτα")),),
)

FOLLOW = Verb(
    "follow",
    Text("follow a run until it ends; Ctrl-C leaves it going on", "παρακολούθηση μέχρι το τέλος· Ctrl-C την αφήνει"),
    (RUN, WATCH, *IN_SESSION),
    _CONTROL,
    examples=(Example("follow 7.1e", Text("the newest run of 7.1ε", "η νεότερη εκτέλεση του 7.1ε")),),
    refusals=(
        _NO_SUCH_RUN,
        Refusal(Exit.FAILED, Text("the run failed", "η εκτέλεση απέτυχε")),
        Refusal(Exit.INTERRUPTED, Text("the run was interrupted", "η εκτέλεση διακόπηκε")),
    ),
)


def _request(name: str, en: str, el: str, *aliases: str) -> Verb:
    examples = (Example(f"{name} 7.1e", Text("the run of 7.1ε that goes on", "την εκτέλεση του 7.1ε που τρέχει")),)
    refusals = (_NO_SUCH_RUN, _NOT_LIVE)
    return Verb(name, Text(en, el), (RUN, *IN_SESSION), _CONTROL, aliases=aliases, examples=examples, refusals=refusals)


STOP = _request(
    "stop", "save a run's state and end it after the batch", "αποθήκευση της κατάστασης και τέλος μετά το batch"
)
PAUSE = _request("pause", "hold a run until it is told to go on", "παύση μιας εκτέλεσης μέχρι νεωτέρας")
CONTINUE = Verb(
    "continue",
    Text(
        "let a paused run go on, or take an interrupted one up again",
        "συνέχιση μετά από παύση, ή από εκεί που διακόπηκε",
    ),
    (RUN, *IN_SESSION),
    _CONTROL,
    aliases=("resume",),
    examples=(Example("continue 7.1e", Text("from where it was saved", "από εκεί που αποθηκεύτηκε")),),
    refusals=(_NO_SUCH_RUN, Refusal(Exit.USAGE, Text("the run is finished", "η εκτέλεση έχει ολοκληρωθεί"))),
)
CHECKPOINT = _request("checkpoint", "save a run's state now", "αποθήκευση της κατάστασης τώρα")
CHANGE = Verb(
    "change",
    Text("change a live run: learning_rate=… or epochs=…", "αλλαγή σε εκτέλεση που τρέχει: learning_rate=… ή epochs=…"),
    (
        Argument(
            "assignment",
            Text("learning_rate=1e-4, lr=1e-4 or epochs=40", "learning_rate=1e-4, lr=1e-4 ή epochs=40"),
            metavar="NAME=VALUE",
            sources=(Source.LIVE_CHANGE,),
        ),
        RUN,
        *IN_SESSION,
    ),
    _CONTROL,
    examples=(Example("change lr=1e-4 7.1e", Text("a lower peak rate", "μικρότερος μέγιστος ρυθμός")),),
    refusals=(_NO_SUCH_RUN, _NOT_LIVE),
)

VERBS = (STEPS, RUN_VERB, STATUS, FOLLOW, STOP, PAUSE, CONTINUE, CHECKPOINT, CHANGE)
