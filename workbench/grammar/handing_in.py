"""The verb about the report, its web page, and the zip to hand in."""

from __future__ import annotations

from dataclasses import replace

from labsteps.text import Text
from workbench.exits import Exit
from workbench.grammar.arguments import IN_SESSION, path, switch
from workbench.grammar.words import Argument, Example, Refusal, Source, Verb

_HANDLER = "workbench.commands.report:run_report"


def _words(name: str, metavar: str, en: str, el: str) -> Argument:
    return Argument(name, Text(en, el), (f"--{name}",), metavar)


_OUT = path(
    "out", Text("folder for it (default: the session's own)", "φάκελος (αλλιώς της συνεδρίας)"), "DIR", Source.FOLDER
)
_TITLE = (
    Argument(
        "member",
        Text('"NAME, ID" for the title page; once for each', '"ΟΝΟΜΑ, ΑΜ" για τη σελίδα τίτλου· μία φορά για καθέναν'),
        ("--member",),
        "NAME,ID",
        count="*",
        default=(),
    ),
    _words("title", "TEXT", "title of the report", "τίτλος της αναφοράς"),
    _words("course", "TEXT", "name of the course", "όνομα του μαθήματος"),
    _words("school", "TEXT", "name of the school", "όνομα της σχολής"),
    _words("date", "TEXT", "date on the title page", "ημερομηνία στη σελίδα τίτλου"),
)

REPORT = Verb(
    "report",
    Text("the report and the zip to hand in", "η αναφορά και το zip προς παράδοση"),
    IN_SESSION,
    verbs=(
        Verb(
            "build",
            Text(
                "write the report as a PDF, with its source and figures beside it",
                "η αναφορά σε PDF, με την πηγή και τα σχήματα δίπλα της",
            ),
            (
                _OUT,
                *_TITLE,
                switch("latex", Text("the same in LaTeX too", "το ίδιο και σε LaTeX")),
                switch("markdown", Text("the same in Markdown too", "το ίδιο και σε Markdown")),
                switch(
                    "edited",
                    Text("make the PDF from report.typ as you edited it", "το PDF από το report.typ όπως είναι"),
                ),
                switch("overwrite", Text("write an edited report.typ anew", "νέο report.typ στη θέση του αλλαγμένου")),
                *IN_SESSION,
            ),
            _HANDLER,
            refusals=(
                Refusal(Exit.USAGE, Text("report.typ was edited and would be lost", "το report.typ έχει αλλαχτεί")),
            ),
        ),
        Verb(
            "preview",
            Text(
                "print what the report says, as text, without building it",
                "το κείμενο της αναφοράς, χωρίς να φτιαχτεί",
            ),
            IN_SESSION,
            _HANDLER,
        ),
        Verb(
            "check",
            Text(
                "name what the report lacks and what in it is doubtful",
                "τι λείπει από την αναφορά και τι είναι αμφίβολο",
            ),
            IN_SESSION,
            _HANDLER,
        ),
        Verb(
            "web",
            Text("write the report as one HTML file", "η αναφορά ως ένα αρχείο HTML"),
            (
                replace(_OUT, help=Text("the file (default: in the session)", "το αρχείο"), metavar="FILE"),
                *_TITLE,
                *IN_SESSION,
            ),
            _HANDLER,
        ),
        Verb(
            "submit",
            Text("make the zip to hand in: the PDF and the code", "το zip προς παράδοση: το PDF και ο κώδικας"),
            (
                Argument(
                    "ids", Text("the members' ids", "οι αριθμοί μητρώου"), ("--ids",), "ID", count="+", required=True
                ),
                _OUT,
                path(
                    "pdf",
                    Text(
                        "another PDF, as it is; the session's own is built anew where it is out of date",
                        "άλλο PDF, όπως είναι· της συνεδρίας φτιάχνεται ξανά αν άλλαξε κάτι",
                    ),
                    "FILE",
                    Source.FILE,
                ),
                switch("incomplete", Text("even while questions are open", "ακόμη και με ανοιχτές ερωτήσεις")),
                *IN_SESSION,
            ),
            _HANDLER,
            refusals=(
                Refusal(Exit.USAGE, Text("questions are not answered", "ερωτήσεις χωρίς απάντηση")),
                Refusal(
                    Exit.USAGE,
                    Text("the ids are not those of the title page", "οι αριθμοί μητρώου δεν είναι της σελίδας τίτλου"),
                ),
            ),
        ),
    ),
    examples=(
        Example('report build --member "M. Nikolaou, 03119001"', Text("the PDF", "το PDF")),
        Example("report preview | less", Text("read it in the terminal", "ανάγνωση στο τερματικό")),
        Example("report web --out report.html", Text("to read in a browser", "για ανάγνωση σε browser")),
        Example("report check", Text("before it is handed in", "πριν από την παράδοση")),
        Example("report submit --ids 03119001 03119002", Text("the zip", "το zip")),
    ),
)
