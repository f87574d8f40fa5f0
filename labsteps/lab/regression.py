"""Step 8: emotion by regression."""

from __future__ import annotations

from labsteps.catalogue import Step, Text
from labsteps.lab.making import RUN, VIEW, part

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
