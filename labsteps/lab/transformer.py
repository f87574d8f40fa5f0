"""Step 7.2: the Audio Spectrogram Transformer."""

from __future__ import annotations

from labsteps.catalogue import Step, Text
from labsteps.lab.making import QUESTION, RUN, part

STEP_7_2 = Step(
    "7.2",
    Text("Audio Spectrogram Transformer", "Audio Spectrogram Transformer"),
    (
        part(
            "7.2α",
            {QUESTION},
            ("How AST works", "Πώς λειτουργεί το AST"),
            (
                "The model of arXiv 2104.01778 in short, beside its patch grid and attention on a track of yours.",
                "Το μοντέλο του arXiv 2104.01778 με λίγα λόγια, με το πλέγμα και την προσοχή του σε ένα κομμάτι.",
            ),
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
        ),
    ),
)
