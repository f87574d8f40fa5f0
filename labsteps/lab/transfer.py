"""Step 9: transfer learning."""

from __future__ import annotations

from labsteps.catalogue import Step, Text
from labsteps.lab.making import QUESTION, RUN, part

STEP_9 = Step(
    "9",
    Text("Transfer learning", "Μεταφορά γνώσης"),
    (
        part(
            "9α",
            {QUESTION},
            ("How transferable features are", "Πόσο μεταφέρονται τα χαρακτηριστικά"),
            ("Yosinski et al. 2014 in two sentences.", "Yosinski et al. 2014 σε δύο προτάσεις."),
        ),
        part(
            "9β",
            {QUESTION},
            ("Which model to transfer", "Ποιο μοντέλο μεταφέρεται"),
            ("The choice among steps 5, 7.1 and 7.2, and why.", "Η επιλογή ανάμεσα στα 5, 7.1, 7.2, και γιατί."),
        ),
        part(
            "9γ",
            {RUN, QUESTION},
            ("The source model, at its best epoch", "Το αρχικό μοντέλο, στην καλύτερη εποχή"),
            (
                "Trained on genres without the tracks held out in step 8; which metric on which set decides.",
                "Εκπαίδευση στα είδη χωρίς τα κρατημένα κομμάτια του 8· ποια μετρική σε ποιο σύνολο αποφασίζει.",
            ),
            data=("genre", "multitask"),
        ),
        part(
            "9δ",
            {RUN},
            ("Fine-tuning on one axis", "Fine-tuning σε έναν άξονα"),
            (
                "The backbone of 9γ under a regression head: frozen, full or gradual.",
                "Ο κορμός του 9γ κάτω από κεφαλή παλινδρόμησης: παγωμένος, πλήρης ή σταδιακός.",
            ),
            data=("multitask",),
            needs=("9γ",),
        ),
        part(
            "9ε",
            {RUN, QUESTION},
            ("Transfer against step 8", "Μεταφορά έναντι βήματος 8"),
            ("On the same held-out tracks, with intervals.", "Στα ίδια κρατημένα κομμάτια, με διαστήματα."),
            needs=("8ε", "9δ"),
        ),
    ),
)
