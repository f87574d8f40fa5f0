"""Verbs about published weights of the transformer."""

from __future__ import annotations

from labsteps.text import Text
from workbench.exits import Exit
from workbench.grammar.arguments import COMMON, IN_SESSION
from workbench.grammar.words import TYPED, Argument, Example, Reads, Refusal, Source, Verb

SIZES = ("tiny224", "small224", "base224", "base384")
_MODELS = "workbench.commands.models:run_models"

MODELS = Verb(
    "models",
    Text(
        "published weights that the transformer can begin with, and a trained model as one file",
        "δημοσιευμένα βάρη για το transformer, και ένα εκπαιδευμένο μοντέλο σε ένα αρχείο",
    ),
    COMMON,
    _MODELS,
    verbs=(
        Verb(
            "list",
            Text("what is here, the newest first (the default)", "όσα υπάρχουν εδώ, τα νεότερα πρώτα"),
            COMMON,
            _MODELS,
            ways=TYPED,
        ),
        Verb(
            "trained",
            Text(
                "the trained models of the session by name, with their validation scores",
                "τα εκπαιδευμένα μοντέλα της συνεδρίας, με το όνομα και το σκορ τους στο validation",
            ),
            IN_SESSION,
            _MODELS,
            ways=TYPED,
        ),
        Verb(
            "import",
            Text("bring a DeiT or AST checkpoint in from a file", "εισαγωγή από αρχείο DeiT ή AST"),
            (
                Argument(
                    "file",
                    Text("a .pth file of tensors, or a safetensors file", "αρχείο .pth με tensors, ή safetensors"),
                    metavar="FILE",
                    reads=Reads.PATH,
                    sources=(Source.FILE,),
                ),
                *COMMON,
            ),
            _MODELS,
            ways=TYPED,
            refusals=(
                Refusal(
                    Exit.DATA,
                    Text("the file is no whole model of the family", "το αρχείο δεν είναι ολόκληρο μοντέλο"),
                ),
            ),
        ),
        Verb(
            "fetch",
            Text(
                "download the distilled DeiT of a size, and import it; a broken download goes on where it broke",
                "λήψη του distilled DeiT ενός μεγέθους και εισαγωγή του· μια κομμένη λήψη συνεχίζει από εκεί",
            ),
            (
                Argument(
                    "size",
                    Text("the model_size", "το model_size"),
                    metavar="SIZE",
                    choices=SIZES,
                ),
                Argument(
                    "source",
                    Text("a folder on another server with the same files", "φάκελος σε άλλον server με τα ίδια αρχεία"),
                    ("--from",),
                    "URL",
                ),
                *COMMON,
            ),
            _MODELS,
            ways=TYPED,
            refusals=(
                Refusal(
                    Exit.FAILED,
                    Text(
                        "there is no connection, or what came is not the file",
                        "δεν υπάρχει σύνδεση, ή ήρθε άλλο αρχείο",
                    ),
                ),
            ),
        ),
        Verb(
            "export",
            Text(
                "write a trained model to one file that predict can use without the session",
                "ένα εκπαιδευμένο μοντέλο σε ένα αρχείο για το predict, χωρίς τη συνεδρία",
            ),
            (
                Argument(
                    "model",
                    Text(
                        "a name of `models trained`: a part (7.1e) or one model of it (9d/transferred); or a run's id",
                        "ένα όνομα από το `models trained`: μέρος (7.1e) ή ένα μοντέλο του (9d/transferred)· ή id"
                        " εκτέλεσης",
                    ),
                    metavar="MODEL",
                    sources=(Source.PART, Source.RUN),
                ),
                Argument(
                    "file",
                    Text("the file, .safetensors", "το αρχείο, .safetensors"),
                    metavar="FILE",
                    reads=Reads.PATH,
                    sources=(Source.FILE,),
                ),
                *IN_SESSION,
            ),
            _MODELS,
            ways=TYPED,
            refusals=(Refusal(Exit.USAGE, Text("there is no such model", "δεν υπάρχει τέτοιο μοντέλο")),),
        ),
    ),
    implied="list",
    examples=(
        Example("models fetch tiny224", Text("22 MB, for a CPU", "22 MB, για CPU")),
        Example("models list", Text("what is here", "τι υπάρχει εδώ")),
        Example("models trained", Text("names for predict and export", "ονόματα για predict και export")),
        Example("models import deit.pth", Text("without a connection", "χωρίς σύνδεση")),
        Example(
            "models export 9d/transferred valence.safetensors",
            Text("one of several models of a part", "ένα από τα μοντέλα ενός μέρους"),
        ),
    ),
)
