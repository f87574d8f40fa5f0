"""Step 11: hidden representations."""

from __future__ import annotations

from labsteps.catalogue import Step, Text
from labsteps.lab.making import QUESTION, RUN, VIEW, part

STEP_11 = Step(
    "11",
    Text("Hidden representations", "Κρυφές αναπαραστάσεις"),
    (
        part(
            "11α",
            {RUN},
            ("Vectors before the output layer", "Διανύσματα πριν το επίπεδο εξόδου"),
            (
                "One vector a test track for the best models of 5, 7.1 and 7.2, saved with labels.",
                "Ένα διάνυσμα ανά κομμάτι του test για τα καλύτερα μοντέλα των 5, 7.1, 7.2, μαζί με τα labels.",
            ),
            data=("genre", "genre_beat"),
            needs=("6α", "7.1ε", "7.2β"),
        ),
        part(
            "11β",
            {VIEW, QUESTION},
            ("PCA", "PCA"),
            ("How well the classes separate, measured.", "Πόσο διαχωρίζονται οι κλάσεις, με μέτρηση."),
            needs=("11α",),
        ),
        part(
            "11γ",
            {VIEW, QUESTION},
            ("The worst model of step 5", "Το χειρότερο μοντέλο του βήματος 5"),
            ("The same picture for it, and the difference.", "Η ίδια εικόνα γι' αυτό, και η διαφορά."),
            needs=("11α",),
        ),
        part(
            "11δ",
            {RUN, QUESTION},
            ("t-SNE and UMAP", "t-SNE και UMAP"),
            ("Which method works best here, by number.", "Ποια μέθοδος είναι καλύτερη εδώ, με αριθμούς."),
            needs=("11α",),
        ),
    ),
)
