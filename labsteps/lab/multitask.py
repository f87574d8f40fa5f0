"""Step 10: multitask learning."""

from __future__ import annotations

from labsteps.catalogue import Step, Text
from labsteps.lab.making import QUESTION, RUN, VIEW, part

STEP_10 = Step(
    "10",
    Text("Multitask learning", "Μάθηση πολλαπλών προβλημάτων"),
    (
        part(
            "10α",
            {QUESTION},
            ("One model for many tasks", "Ένα μοντέλο για πολλά προβλήματα"),
            ("arXiv 1706.05137 in two sentences.", "arXiv 1706.05137 σε δύο προτάσεις."),
        ),
        part(
            "10β",
            {VIEW},
            ("The multitask loss", "Το κόστος πολλαπλών προβλημάτων"),
            (
                "Logits and targets of the three axes in, the weighted sum of three losses out.",
                "Είσοδος logits και targets των τριών αξόνων, έξοδος το σταθμισμένο άθροισμα τριών κοστών.",
            ),
        ),
        part(
            "10γ",
            {RUN},
            ("One model for three axes", "Ένα μοντέλο για τρεις άξονες"),
            ("Trained with the loss of 10β.", "Εκπαίδευση με το κόστος του 10β."),
            data=("multitask",),
            needs=("10β",),
        ),
        part(
            "10δ",
            {RUN, QUESTION},
            ("Multitask against step 8", "Πολλαπλά προβλήματα έναντι βήματος 8"),
            ("On the same held-out tracks, with intervals.", "Στα ίδια κρατημένα κομμάτια, με διαστήματα."),
            needs=("8ε", "10γ"),
        ),
    ),
)
