"""Step 7.2: the Audio Spectrogram Transformer."""

from __future__ import annotations

from dataclasses import replace

from labsteps.catalogue import Step, ValueSpec
from labsteps.lab.making import QUESTION, RUN, VIEW, part
from labsteps.lab.parameters import MACHINE, RESAMPLES, SEEDS, TRAINING
from labsteps.lab.values import GENRE_VALUES, SEED_VALUES, difference_values
from labsteps.parameter import Parameter
from labsteps.text import Text

GRID = (
    Parameter(
        "fstride",
        16,
        Text(
            "mel bands from one 16 × 16 patch to the next: 16 = side by side, 10 = overlapping by 6 as in the paper",
            "ζώνες mel από ένα patch 16 × 16 στο επόμενο: 16 = το ένα δίπλα στο άλλο, 10 = επικάλυψη 6, όπως στο άρθρο",
        ),
        minimum=1,
        maximum=16,
        unit="bands",
    ),
    Parameter(
        "tstride",
        16,
        Text(
            "frames from one patch to the next: 16 = side by side, 10 = overlapping by 6 as in the paper",
            "πλαίσια από ένα patch στο επόμενο: 16 = το ένα δίπλα στο άλλο, 10 = επικάλυψη 6, όπως στο άρθρο",
        ),
        minimum=1,
        maximum=16,
        unit="frames",
    ),
    Parameter(
        "input_fdim",
        0,
        Text(
            "bands of the input, at least those of the features; 0 = as many as the patches need to reach every band",
            "ζώνες της εισόδου, τουλάχιστον όσες των χαρακτηριστικών· 0 = όσες χρειάζονται για να καλυφθούν όλες",
        ),
        minimum=0,
        maximum=4096,
        unit="bands",
    ),
    Parameter(
        "input_tdim",
        256,
        Text(
            "frames of the input: training crops at random to them, evaluation averages windows over the whole clip",
            "πλαίσια της εισόδου: τυχαία αποσπάσματα στην εκπαίδευση, μέσος όρος παραθύρων σε όλο το κομμάτι στην"
            " αξιολόγηση",
        ),
        minimum=16,
        maximum=100_000,
        unit="frames",
    ),
)

AST = (
    *GRID,
    Parameter(
        "model_size",
        "tiny224",
        Text(
            "member of the DeiT family: tiny (5 M parameters) suits a CPU, base (86 M) a GPU",
            "μέλος της οικογένειας DeiT: το tiny (5 M παράμετροι) για CPU, το base (86 M) για GPU",
        ),
        choices=("tiny224", "small224", "base224", "base384"),
    ),
    Parameter(
        "imagenet_pretrain",
        False,
        Text(
            "begin with published weights (`workbench models`); false = from scratch",
            "αρχή από δημοσιευμένα βάρη (`workbench models`)· false = από το μηδέν",
        ),
    ),
    Parameter(
        "weights",
        "",
        Text(
            "which of the published weights, by name or first letters of their hash; empty = the newest of this size",
            "ποια από τα δημοσιευμένα βάρη, με όνομα ή αρχή του hash· κενό = τα νεότερα αυτού του μεγέθους",
        ),
        affects_result=False,  # the hash of the weights themselves is part of a run's identity
    ),
    Parameter(
        "feature_size",
        192,
        Text("length of the clip's vector before the output layer", "μήκος του διανύσματος πριν το επίπεδο εξόδου"),
        minimum=1,
        maximum=8192,
    ),
    Parameter(
        "patch_out",
        0.3,
        Text(
            "share of the patches left out in training, others at each step",
            "μέρος των patches που παραλείπεται στην εκπαίδευση, άλλο σε κάθε βήμα",
        ),
        minimum=0.0,
        maximum=0.95,
    ),
    Parameter("dropout", 0.1, Text("dropout before the output layer", "dropout πριν το επίπεδο εξόδου"), 0.0, 0.95),
    Parameter(
        "attention",
        "auto",
        Text(
            "sdpa = torch's fused function, plain = two products and a softmax; auto = by a short probe",
            "sdpa = η ενιαία συνάρτηση του torch, plain = δύο γινόμενα και ένα softmax· auto = με δοκιμή",
        ),
        choices=("auto", "sdpa", "plain"),
    ),
)

_CHANGED = {"batch_size": 8, "learning_rate": 5e-4, "weight_decay": 0.01}
# Small batches, so that a small data set gives many steps, at a rate that a transformer bears.
AST_TRAINING = tuple(replace(one, default=_CHANGED.get(one.name, one.default)) for one in TRAINING)

OVERFIT_FIRST = (
    Parameter(
        "overfit_batches",
        2,
        Text(
            "batches that are learnt by heart before the training; 0 = no check",
            "batches που απομνημονεύονται πρώτα ως έλεγχος· 0 = χωρίς έλεγχο",
        ),
        minimum=0,
        maximum=16,
    ),
    Parameter("overfit_epochs", 150, Text("at most so many passes over them", "το πολύ τόσα περάσματα"), 1, 10_000),
    Parameter(
        "target_loss",
        0.05,
        Text("training loss below which the check is passed", "σφάλμα κάτω από το οποίο ο έλεγχος πετυχαίνει"),
        1e-6,
        10.0,
    ),
)
CHECK_VALUES = (
    ValueSpec(
        "overfit/loss", Text("overfit check, last loss", "έλεγχος υπερεκπαίδευσης, τελικό σφάλμα"), "", "lower", 4
    ),
    ValueSpec("overfit/passed", Text("overfit check passed (1 = yes)", "επιτυχία ελέγχου (1 = ναι)"), digits=0),
    ValueSpec("overfit/epochs", Text("epochs the check took", "εποχές του ελέγχου"), "", "lower", 0),
)
SIZE_VALUES = (
    ValueSpec("patches", Text("patches of a window", "patches ενός παραθύρου"), better="", digits=0),
    ValueSpec("parameters", Text("parameters of the model", "παράμετροι του μοντέλου"), better="", digits=0),
)

ATTENTION = ValueSpec(
    "attention/half",
    Text("share of the clip that gets half of the attention", "μέρος του κομματιού με τη μισή προσοχή"),
    "%",
    "",
    1,
)

STEP_7_2 = Step(
    "7.2",
    Text("Audio Spectrogram Transformer", "Audio Spectrogram Transformer"),
    (
        part(
            "7.2α",
            {VIEW, QUESTION},
            ("How AST works", "Πώς λειτουργεί το AST"),
            (
                "The model of arXiv 2104.01778 in short, beside its patch grid and attention on a track of yours.",
                "Το μοντέλο του arXiv 2104.01778 με λίγα λόγια, με το πλέγμα και την προσοχή του σε ένα κομμάτι.",
            ),
            data=("genre",),
            uses=("7.2β",),
            parameters=(
                *GRID,
                Parameter(
                    "track",
                    0,
                    Text(
                        "id of a track of the test set; 0 = one by the seed", "id ενός κομματιού του test· 0 = τυχαίο"
                    ),
                    minimum=0,
                    maximum=2**31 - 1,
                ),
            ),
            values=(
                *(spec for spec in SIZE_VALUES if spec.name == "patches"),
                ValueSpec(
                    "windows", Text("windows that cover the clip", "παράθυρα που καλύπτουν το κομμάτι"), "", "", 0
                ),
                ValueSpec(
                    "overlap",
                    Text("cells that are in two patches or more", "κελιά σε δύο ή περισσότερα patches"),
                    "%",
                    "",
                    1,
                ),
                ATTENTION,
            ),
            function="labsteps.steps.s07_2_ast:show_patches",
        ),
        part(
            "7.2β",
            {RUN},
            ("Genre with AST", "Είδος μουσικής με AST"),
            (
                "Overfit check first, then training; compared with the CNN and the LSTM.",
                "Πρώτα έλεγχος υπερεκπαίδευσης, μετά εκπαίδευση· σύγκριση με CNN και LSTM.",
            ),
            data=("genre",),
            uses=("5γ", "7.1ε"),
            parameters=(*AST_TRAINING, *AST, *OVERFIT_FIRST, SEEDS, *MACHINE, RESAMPLES),
            values=(
                *GENRE_VALUES,
                *SEED_VALUES,
                *difference_values("vs_7.1ε", "less 7.1ε", "μείον 7.1ε"),
                *difference_values("vs_5γ", "less 5γ", "μείον 5γ"),
                *CHECK_VALUES,
                *SIZE_VALUES,
                ATTENTION,
            ),
            function="labsteps.steps.s07_2_ast:genre_ast",
        ),
    ),
)
