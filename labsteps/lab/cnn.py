"""Step 7.1: the 2D CNN."""

from __future__ import annotations

from labsteps.catalogue import Step, Text
from labsteps.lab.making import QUESTION, RUN, VIEW, part
from labsteps.lab.parameters import CNN, MACHINE, OVERFIT, RESAMPLES, SEEDS, TRAINING
from labsteps.lab.values import GENRE_VALUES, OVERFIT_VALUES, SEED_VALUES, difference_values

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
            {QUESTION},
            ("Convolution, normalisation, ReLU, pooling", "Convolution, normalization, ReLU, pooling"),
            ("What each of the four operations does and why.", "Τι κάνει καθεμία από τις τέσσερις πράξεις και γιατί."),
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
        ),
    ),
)
