"""Verbs for other tools: the export of runs and metrics, completion in shells."""

from __future__ import annotations

from labsteps.text import Text
from workbench.exits import Exit
from workbench.grammar.arguments import IN_SESSION, SESSION, SESSIONS_DIR, path, switch
from workbench.grammar.words import OUTSIDE, TYPED, Argument, Example, Refusal, Source, Verb

_COMPLETION = "workbench.commands.completion:run_completion"
_EXPORT = "workbench.commands.export:run_export"
_PART = Argument(
    "part",
    Text("of these parts or steps only: 7.1, 5-6", "μόνο από αυτά τα μέρη ή βήματα: 7.1, 5-6"),
    metavar="ID",
    count="?",
    sources=(Source.PART,),
)


_FORM = Argument(
    "form",
    Text("csv or json (default: csv; json with --json)", "csv ή json (αλλιώς csv· με --json, json)"),
    ("--format",),
    choices=("csv", "json"),
)
_FILE = path("out", Text("where to (default: stdout)", "πού (αλλιώς στο stdout)"), "FILE", Source.FILE)


def _export_verb(name: str, text: Text, *arguments: Argument) -> Verb:
    examples = (Example(f"export {name} 7.1", Text("of step 7.1 only", "μόνο του βήματος 7.1")),)
    return Verb(name, text, (_PART, *arguments, *IN_SESSION), _EXPORT, examples=examples, ways=TYPED)


EXPORT = Verb(
    "export",
    Text("runs and metrics for other tools: CSV, JSON, TensorBoard", "εκτελέσεις και μετρικές: CSV, JSON, TensorBoard"),
    IN_SESSION,
    verbs=(
        _export_verb(
            "runs",
            Text("a row a run: what it is, its scores, its parameters", "μία γραμμή ανά εκτέλεση: τιμές, παράμετροι"),
            _FORM,
            _FILE,
            Argument(
                "columns",
                Text(
                    "these columns only, with commas, * for any letters: part,test/*,parameter.epochs",
                    "μόνο αυτές οι στήλες, με κόμματα, * για οτιδήποτε: part,test/*,parameter.epochs",
                ),
                ("--columns",),
                "NAMES",
                excludes="columns",
            ),
            switch(
                "long",
                Text(
                    "every value and parameter; without it the leading scores, and parameters away from their default",
                    "κάθε τιμή και παράμετρος· αλλιώς οι κύριες τιμές, και παράμετροι εκτός προεπιλογής",
                ),
                excludes="columns",
            ),
        ),
        _export_verb(
            "metrics",
            Text("a row a metric and epoch", "μία γραμμή ανά μετρική και εποχή"),
            _FORM,
            _FILE,
        ),
        _export_verb(
            "tensorboard",
            Text("event files for TensorBoard", "αρχεία για το TensorBoard"),
            path(
                "out",
                Text("where to (default: tensorboard in the session)", "πού (αλλιώς tensorboard στη συνεδρία)"),
                "DIR",
                Source.FOLDER,
            ),
        ),
    ),
    examples=(
        Example("export runs --out runs.csv", Text("a table for a spreadsheet", "πίνακας για λογιστικό φύλλο")),
        Example('export runs --columns "part,seed,test/*"', Text("what one wants to see", "όσα θέλει κανείς να δει")),
        Example("export metrics 7.1 --json", Text("the curves of a step", "οι καμπύλες ενός βήματος")),
        Example("export tensorboard", Text("then: tensorboard --logdir DIR", "έπειτα: tensorboard --logdir DIR")),
    ),
    refusals=(
        Refusal(Exit.USAGE, Text("no run has a column of this name", "καμία εκτέλεση δεν έχει τέτοια στήλη")),
        Refusal(Exit.SESSION, Text("the file cannot be written", "το αρχείο δεν γράφεται")),
    ),
)


def _script(shell: str) -> Verb:
    text = Text(f"print the script for {shell}", f"το script για {shell}")
    line = f"completion {shell} | source" if shell == "fish" else f"source <(python -m workbench completion {shell})"
    examples = (Example(line, Text("for this shell", "για αυτό το κέλυφος")),)
    return Verb(shell, text, (), _COMPLETION, examples=examples, ways=OUTSIDE)


COMPLETION = Verb(
    "completion",
    Text("completion of commands in bash, zsh and fish", "συμπλήρωση εντολών σε bash, zsh και fish"),
    verbs=(
        _script("bash"),
        _script("zsh"),
        _script("fish"),
        Verb(
            "candidates",
            Text(
                "what can stand at the end of a line; the scripts ask this",
                "τι μπορεί να σταθεί στο τέλος μιας γραμμής",
            ),
            (
                Argument("line", Text("the line up to the cursor", "η γραμμή ως τον κέρσορα"), metavar="LINE"),
                SESSION,
                SESSIONS_DIR,
            ),
            _COMPLETION,
            examples=(
                Example('completion candidates -- "workbench --st"', Text("a word and what it is", "λέξη και σημασία")),
            ),
            ways=OUTSIDE,
        ),
    ),
    examples=(
        Example(
            "completion bash",
            Text("source it: source <(python -m workbench completion bash)", "με source <(…), ή στο ~/.bashrc"),
        ),
        Example("completion fish | source", Text("for this shell", "για αυτό το κέλυφος")),
    ),
    ways=OUTSIDE,
)

VERBS = (EXPORT, COMPLETION)
