"""Verbs that read results, compare them, answer questions, and keep or remove runs."""

from __future__ import annotations

from labsteps.text import Text
from workbench.exits import Exit
from workbench.grammar.arguments import ANY_RUN, COMMON, IN_SESSION, SESSION, SHOWN, switch
from workbench.grammar.words import Argument, Example, Reads, Refusal, Source, Verb

_NOTHING_YET = Refusal(Exit.USAGE, Text("nothing of it is finished yet", "τίποτα δεν έχει ολοκληρωθεί ακόμα"))
_NO_SUCH_RUN = Refusal(Exit.SESSION, Text("the session has no such run", "η συνεδρία δεν έχει τέτοια εκτέλεση"))
_REMOVE = switch("remove", Text("take it away again", "αφαίρεση"))

_NUMBERS = switch(
    "numbers", Text("in words, with a short table of numbers", "με λόγια, και με έναν σύντομο πίνακα αριθμών")
)

SHOW = Verb(
    "show",
    Text("print a finished result again", "εμφάνιση ενός αποτελέσματος"),
    (SHOWN, SESSION, *COMMON),
    "workbench.commands.show:run_show",
    examples=(
        Example("show 7.1", Text("all that is finished of a step", "ό,τι έχει ολοκληρωθεί από ένα βήμα")),
        Example("show 6α --json", Text("one result for a program", "ένα αποτέλεσμα για πρόγραμμα")),
    ),
    refusals=(_NOTHING_YET,),
)

PLOT = Verb(
    "plot",
    Text(
        "draw figures of a run in the terminal; of one that goes on, its curves so far",
        "σχεδίαση των διαγραμμάτων μιας εκτέλεσης στο τερματικό· όσο τρέχει, οι καμπύλες ως τώρα",
    ),
    (
        ANY_RUN,
        Argument(
            "figures",
            Text("names of figures, such as loss; all of them by default", "ονόματα, π.χ. loss· αλλιώς όλα"),
            metavar="FIGURE",
            count="*",
            sources=(Source.FIGURE,),
        ),
        _NUMBERS,
        *IN_SESSION,
    ),
    "workbench.commands.figures:run_plot",
    examples=(
        Example("plot 7.1e loss", Text("the loss over the epochs", "το loss ανά εποχή")),
        Example(
            "plot 7.1e loss --numbers", Text("its first, best and last value", "η πρώτη, η καλύτερη, η τελευταία τιμή")
        ),
    ),
    refusals=(_NO_SUCH_RUN, Refusal(Exit.USAGE, Text("the run has no such figure", "δεν υπάρχει τέτοιο διάγραμμα"))),
)

CM = Verb(
    "cm",
    Text("draw a run's confusion matrix", "ο πίνακας σύγχυσης μιας εκτέλεσης"),
    (
        ANY_RUN,
        Argument(
            "classes",
            Text(
                "a true class and a predicted one: the clips behind that cell",
                "μια αληθινή κλάση και μια πρόβλεψη: τα δείγματα πίσω από το κελί",
            ),
            metavar="TRUE PREDICTED",
            count="*",
        ),
        switch("percent", Text("percents of each row instead of counts", "ποσοστά κάθε γραμμής αντί για πλήθη")),
        _NUMBERS,
        *IN_SESSION,
    ),
    "workbench.commands.figures:run_matrix",
    examples=(
        Example("cm 7.1e --percent", Text("recall on the diagonal", "recall στη διαγώνιο")),
        Example("cm 7.1e Pop Rock", Text("the clips of Pop that were taken for Rock", "τα Pop που βγήκαν Rock")),
    ),
    refusals=(
        _NO_SUCH_RUN,
        Refusal(Exit.USAGE, Text("the run has no confusion matrix", "δεν υπάρχει τέτοιος πίνακας")),
    ),
)

COMPARE = Verb(
    "compare",
    Text(
        "compare two runs on the same test tracks: paired test, metrics, parameters that differ",
        "σύγκριση δύο εκτελέσεων στα ίδια κομμάτια: έλεγχος κατά ζεύγη, μετρικές, παράμετροι που διαφέρουν",
    ),
    (
        Argument(
            "first",
            Text("a part, a step or a run's id", "ένα μέρος, ένα βήμα ή το id μιας εκτέλεσης"),
            metavar="RUN",
            sources=(Source.PART, Source.RUN),
        ),
        Argument("second", Text("the other one", "η άλλη"), metavar="RUN", sources=(Source.PART, Source.RUN)),
        Argument(
            "resamples",
            Text("bootstrap resamples behind each interval", "επαναδειγματοληψίες bootstrap ανά διάστημα"),
            ("--resamples",),
            "N",
            reads=Reads.WHOLE,
            default=2000,
        ),
        *IN_SESSION,
    ),
    "workbench.commands.compare:run_compare",
    examples=(Example("compare 5γ 7.1ε", Text("LSTM against CNN", "LSTM και CNN")),),
    refusals=(
        _NOTHING_YET,
        Refusal(
            Exit.USAGE,
            Text("the two were not tested on the same tracks", "δεν δοκιμάστηκαν στα ίδια κομμάτια"),
        ),
    ),
)

ANSWER = Verb(
    "answer",
    Text(
        "read a question with its evidence and note, and answer it",
        "μια ερώτηση με τις ενδείξεις και τη σημείωσή της, και η απάντησή της",
    ),
    (
        Argument(
            "part",
            Text("a part: 1γ, 1c; or a step", "ένα μέρος: 1γ, 1c· ή ένα βήμα"),
            metavar="ID",
            sources=(Source.QUESTION,),
        ),
        SESSION,
        Argument("text", Text("the answer itself", "η ίδια η απάντηση"), ("--text",), "TEXT", excludes="source"),
        Argument(
            "file",
            Text("a file with the answer; - reads standard input", "αρχείο με την απάντηση· - για το standard input"),
            ("--file",),
            "FILE",
            sources=(Source.FILE,),
            excludes="source",
        ),
        switch(
            "edit",
            Text(
                "write it in your editor (VISUAL, EDITOR); the question is below, in a comment that is not saved",
                "στον επεξεργαστή σας (VISUAL, EDITOR)· η ερώτηση από κάτω, ως σχόλιο που δεν αποθηκεύεται",
            ),
            excludes="source",
        ),
        switch("replace", Text("put the text in the place of another one", "αντικατάσταση ενός άλλου κειμένου")),
        Argument(
            "expected",
            Text("save only over this version, which --json tells", "μόνο πάνω από αυτή την έκδοση, βλ. --json"),
            ("--version",),
            "V",
        ),
        *COMMON,
    ),
    "workbench.commands.answer:run_answer",
    examples=(
        Example("answer 1d", Text("the question, its evidence, the note", "ερώτηση, ενδείξεις, σημείωση")),
        Example("answer 1d --edit", Text("write the answer", "συγγραφή της απάντησης")),
    ),
    refusals=(
        Refusal(Exit.USAGE, Text("the part asks nothing, or has an answer", "δεν ρωτά τίποτα, ή έχει απάντηση")),
        Refusal(Exit.SESSION, Text("the answer was changed elsewhere", "η απάντηση άλλαξε αλλού στο μεταξύ")),
    ),
)

NOTE = Verb(
    "note",
    Text("keep a note on a run or on the session", "σημείωση σε μια εκτέλεση ή στη συνεδρία"),
    (
        Argument(
            "words",
            Text(
                "a part or run, then the text; the text alone is for the session, also where it begins with a plain "
                "number; without words: the notes",
                "μέρος ή εκτέλεση και το κείμενο· μόνο κείμενο για τη συνεδρία, και όταν αρχίζει με σκέτο αριθμό· "
                "χωρίς λέξεις: όλες οι σημειώσεις",
            ),
            metavar="RUN|TEXT",
            count="*",
            sources=(Source.PART, Source.RUN),
        ),
        switch(
            "replace",
            Text("in the place of the notes so far, not below them", "στη θέση των προηγούμενων, όχι από κάτω"),
        ),
        *IN_SESSION,
    ),
    "workbench.commands.marks:run_note",
    examples=(
        Example('note 7.1e "rate too high"', Text("on the newest run of 7.1ε", "στη νεότερη εκτέλεση του 7.1ε")),
        Example('note "second data set"', Text("on the session", "στη συνεδρία")),
    ),
    refusals=(_NO_SUCH_RUN,),
)

TAG = Verb(
    "tag",
    Text("give a run tags, or take them away", "ετικέτες σε μια εκτέλεση"),
    (
        ANY_RUN,
        Argument("tags", Text("the tags", "οι ετικέτες"), metavar="TAG", count="*", sources=(Source.TAG,)),
        _REMOVE,
        *IN_SESSION,
    ),
    "workbench.commands.marks:run_tag",
    examples=(Example("tag 7.1e final", Text("the newest run of 7.1ε", "η νεότερη εκτέλεση του 7.1ε")),),
    refusals=(_NO_SUCH_RUN,),
)

PIN = Verb(
    "pin",
    Text("pin a run as the baseline of its part; it cannot be deleted", "καρφίτσωμα μιας εκτέλεσης ως αναφοράς"),
    (ANY_RUN, _REMOVE, *IN_SESSION),
    "workbench.commands.marks:run_pin",
    examples=(
        Example(
            "pin 7.1e", Text("its newest run is what others are compared with", "η νεότερη, για σύγκριση με τις άλλες")
        ),
        Example("pin 7.1e --remove", Text("it may be deleted again", "μπορεί πάλι να διαγραφεί")),
    ),
    refusals=(_NO_SUCH_RUN,),
)

DELETE = Verb(
    "delete",
    Text("move runs to the session's trash, or take them back", "μεταφορά εκτελέσεων στον κάδο, ή επαναφορά"),
    (
        Argument(
            "runs",
            Text("ids of runs, or a part that has one run only", "id εκτελέσεων, ή μέρος με μία μόνο εκτέλεση"),
            metavar="RUN",
            count="*",
            sources=(Source.RUN,),
        ),
        switch("restore", Text("take them out of the trash again", "επαναφορά από τον κάδο")),
        switch(
            "empty_trash",
            Text(
                "delete for good what is in the trash, after a question",
                "οριστική διαγραφή του κάδου, μετά από ερώτηση",
            ),
        ),
        switch("yes", Text("do not ask", "χωρίς ερώτηση")),
        *IN_SESSION,
    ),
    "workbench.commands.marks:run_delete",
    examples=(
        Example("delete", Text("list the trash", "τα περιεχόμενα του κάδου")),
        Example("delete 20261126-120000000-5c-ab12", Text("one run", "μία εκτέλεση")),
        Example("delete --empty-trash", Text("give the space back", "για να ελευθερωθεί χώρος")),
    ),
    refusals=(
        Refusal(
            Exit.SESSION,
            Text("a run is going on, pinned or not there", "μια εκτέλεση τρέχει, είναι καρφιτσωμένη ή δεν υπάρχει"),
        ),
        Refusal(Exit.USAGE, Text("a part has several runs", "το μέρος έχει πολλές εκτελέσεις")),
    ),
)

VERBS = (SHOW, PLOT, CM, COMPARE, ANSWER, NOTE, TAG, PIN, DELETE)
