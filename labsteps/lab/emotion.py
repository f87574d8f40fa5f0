"""Steps 8 to 11 and the deliverables."""

from __future__ import annotations

from labsteps.catalogue import Step, Text
from labsteps.lab.making import QUESTION, RUN, VIEW, part

STEP_8 = Step(
    "8",
    Text("Emotion by regression", "Συναίσθημα με παλινδρόμηση"),
    (
        part(
            "8α",
            {VIEW},
            ("Models with a regression head", "Μοντέλα με κεφαλή παλινδρόμησης"),
            ("LSTM, CNN and AST with another head and loss.", "LSTM, CNN και AST με άλλη κεφαλή και κόστος."),
            data=("multitask",),
        ),
        *(
            part(
                part_id,
                {RUN},
                (f"{axis.capitalize()} with three models", f"{axis.capitalize()} με τρία μοντέλα"),
                (f"LSTM, CNN and AST trained to predict {axis}.", f"LSTM, CNN και AST για την πρόβλεψη του {axis}."),
                data=("multitask", "multitask_beat"),
            )
            for part_id, axis in (("8β", "valence"), ("8γ", "energy"), ("8δ", "danceability"))
        ),
        part(
            "8ε",
            {RUN},
            ("Mean Spearman on held-out tracks", "Μέσο Spearman σε κρατημένα κομμάτια"),
            (
                "The same held-out tracks for every model and axis, baselines beside them, Kaggle predictions.",
                "Τα ίδια κρατημένα κομμάτια για κάθε μοντέλο και άξονα, με μεθόδους αναφοράς και αρχείο Kaggle.",
            ),
            data=("multitask",),
            needs=("8β", "8γ", "8δ"),
        ),
    ),
)

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

DELIVERABLES = Step(
    "deliverables",
    Text("Deliverables", "Παραδοτέα"),
    (
        part(
            "report",
            {RUN},
            ("The report", "Η αναφορά"),
            (
                "A PDF with every step's figures, tables and your answers.",
                "Ένα PDF με τα σχήματα, τους πίνακες και τις απαντήσεις σας για κάθε βήμα.",
            ),
        ),
        part(
            "submit",
            {RUN},
            ("The zip to hand in", "Το zip για παράδοση"),
            ("The PDF and the Python code, named as asked.", "Το PDF και ο κώδικας Python, με το ζητούμενο όνομα."),
            needs=("report",),
        ),
    ),
)
