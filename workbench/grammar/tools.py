"""Verbs for other tools: the export of runs and metrics."""

from __future__ import annotations

from labsteps.text import Text
from workbench.exits import Exit
from workbench.grammar.arguments import IN_SESSION
from workbench.grammar.words import TYPED, Argument, Example, Reads, Refusal, Source, Verb

_EXPORT = "workbench.commands.export:run_export"
_PART = Argument(
    "part",
    Text("of these parts or steps only: 7.1, 5-6", "μόνο από αυτά τα μέρη ή βήματα: 7.1, 5-6"),
    metavar="ID",
    count="?",
    sources=(Source.PART,),
)


def _out(what: Text, source: Source) -> Argument:
    metavar = "DIR" if source is Source.FOLDER else "FILE"
    return Argument("out", what, ("--out",), metavar, reads=Reads.PATH, sources=(source,))


_FORM = Argument("form", Text("csv or json", "csv ή json"), ("--format",), choices=("csv", "json"), default="csv")
_FILE = _out(Text("where to (default: stdout)", "πού (αλλιώς στο stdout)"), Source.FILE)


def _export_verb(name: str, text: Text, *arguments: Argument) -> Verb:
    return Verb(name, text, (_PART, *arguments, *IN_SESSION), _EXPORT, ways=TYPED)


EXPORT = Verb(
    "export",
    Text("runs and metrics for other tools: CSV, JSON, TensorBoard", "εκτελέσεις και μετρικές: CSV, JSON, TensorBoard"),
    IN_SESSION,
    verbs=(
        _export_verb(
            "runs",
            Text("a row a run: parameters, results, intervals", "μία γραμμή ανά εκτέλεση: παράμετροι, αποτελέσματα"),
            _FORM,
            _FILE,
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
            _out(
                Text("where to (default: tensorboard in the session)", "πού (αλλιώς tensorboard στη συνεδρία)"),
                Source.FOLDER,
            ),
        ),
    ),
    examples=(
        Example("export runs --out runs.csv", Text("a table for a spreadsheet", "πίνακας για λογιστικό φύλλο")),
        Example("export metrics 7.1 --json", Text("the curves of a step", "οι καμπύλες ενός βήματος")),
        Example("export tensorboard", Text("then: tensorboard --logdir DIR", "έπειτα: tensorboard --logdir DIR")),
    ),
    refusals=(Refusal(Exit.SESSION, Text("the file cannot be written", "το αρχείο δεν γράφεται")),),
)

VERBS = (EXPORT,)
