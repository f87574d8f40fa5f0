"""Steps 5 and 6: genre with an LSTM, and its evaluation."""

from __future__ import annotations

from labsteps.catalogue import Step, ValueSpec
from labsteps.lab.making import QUESTION, RUN, VIEW, part
from labsteps.lab.parameters import (
    LSTM,
    LSTM_TRAINING,
    MACHINE,
    OVERFIT,
    RAW_FRAMES,
    RESAMPLES,
    SEEDS,
    features_parameter,
)
from labsteps.lab.values import (
    GENRE_VALUES,
    MACRO_SCORES,
    MAIN_SCORES,
    MICRO_SCORES,
    OVERFIT_VALUES,
    SEED_VALUES,
    TWO_KIND_VALUES,
    model_values,
)
from labsteps.parameter import Parameter
from labsteps.text import Text

STEP_5 = Step(
    "5",
    Text("Genre with an LSTM", "Είδος μουσικής με LSTM"),
    (
        part(
            "5α",
            {VIEW},
            ("The LSTM and its input", "Το LSTM και η είσοδός του"),
            (
                "Variable lengths, the last valid time step, and padding that does not change the output.",
                "Μεταβλητά μήκη, το τελευταίο έγκυρο βήμα και padding που δεν αλλάζει την έξοδο.",
            ),
            data=("genre", "genre_beat"),
            parameters=(
                features_parameter("beat mel"),
                Parameter(
                    "more_frames", 100, Text("padding added on top", "επιπλέον padding"), 0, 10_000, unit="time steps"
                ),
                *(p for p in LSTM if p.name != "clip_norm"),
                *(p for p in RAW_FRAMES if p.name == "frame_stride"),
            ),
            values=(
                ValueSpec(
                    "padding/difference",
                    Text("largest difference that padding makes", "μέγιστη διαφορά λόγω padding"),
                    better="lower",
                    digits=8,
                ),
                ValueSpec(
                    "padding/difference_unaware",
                    Text("the same if padding were taken for music", "το ίδιο αν το padding μετρούσε ως μουσική"),
                    better="",
                ),
                ValueSpec(
                    "parameters", Text("parameters of the model", "παράμετροι του μοντέλου"), better="", digits=0
                ),
            ),
            function="labsteps.steps.s05_lstm:show_input",
        ),
        part(
            "5β",
            {RUN},
            ("Overfit check of the LSTM", "Έλεγχος υπερεκπαίδευσης του LSTM"),
            (
                "Three or four batches learnt by heart: a network that cannot do this has a bug.",
                "Τρία ή τέσσερα batches που απομνημονεύονται: ένα δίκτυο που δεν μπορεί έχει σφάλμα.",
            ),
            data=("genre", "genre_beat"),
            parameters=(features_parameter("mel"), *OVERFIT, *LSTM, *RAW_FRAMES, *MACHINE),
            values=OVERFIT_VALUES,
            function="labsteps.steps.s05_lstm:overfit_lstm",
        ),
        part(
            "5γ",
            {RUN},
            ("LSTM on mel spectrograms", "LSTM σε φασματογραφήματα mel"),
            ("An LSTM trained on the raw mel frames.", "Ένα LSTM εκπαιδευμένο στα αρχικά πλαίσια mel."),
            data=("genre",),
            parameters=(*LSTM_TRAINING, *LSTM, *RAW_FRAMES, SEEDS, *MACHINE),
            values=(*GENRE_VALUES, *SEED_VALUES),
            function="labsteps.steps.s05_lstm:genre_mel",
        ),
        part(
            "5δ",
            {RUN},
            ("LSTM on beat-synchronous mel", "LSTM σε mel ανά beat"),
            ("An LSTM trained on one mel frame a beat.", "Ένα LSTM εκπαιδευμένο σε ένα πλαίσιο mel ανά beat."),
            data=("genre_beat",),
            parameters=(*LSTM_TRAINING, *LSTM, SEEDS, *MACHINE),
            values=(*GENRE_VALUES, *SEED_VALUES),
            function="labsteps.steps.s05_lstm:genre_beat_mel",
        ),
        part(
            "5ε",
            {RUN},
            ("LSTM on chromagrams", "LSTM σε χρωμογραφήματα"),
            ("Chroma alone, raw and beat-synchronous.", "Μόνο chroma, αρχικό και ανά beat."),
            data=("genre", "genre_beat"),
            parameters=(*LSTM_TRAINING, *LSTM, *RAW_FRAMES, SEEDS, *MACHINE),
            values=TWO_KIND_VALUES,
            function="labsteps.steps.s05_lstm:genre_chroma",
        ),
        part(
            "5ζ",
            {RUN},
            ("LSTM on mel and chroma", "LSTM σε mel και chroma"),
            (
                "Mel and chroma concatenated, each normalised on its own, raw and beat-synchronous.",
                "Mel και chroma μαζί, το καθένα κανονικοποιημένο χωριστά, αρχικά και ανά beat.",
            ),
            data=("genre", "genre_beat"),
            parameters=(*LSTM_TRAINING, *LSTM, *RAW_FRAMES, SEEDS, *MACHINE),
            values=TWO_KIND_VALUES,
            function="labsteps.steps.s05_lstm:genre_mel_chroma",
        ),
    ),
)

STEP_6 = Step(
    "6",
    Text("Evaluation", "Αξιολόγηση"),
    (
        part(
            "6α",
            {RUN},
            ("Accuracy of every model", "Accuracy κάθε μοντέλου"),
            (
                "Every model of step 5 on the test set of its own kind, beside the majority class and a linear model.",
                "Κάθε μοντέλο του βήματος 5 στο δικό του test set, δίπλα σε απλές μεθόδους αναφοράς.",
            ),
            data=("genre", "genre_beat"),
            needs=("5γ", "5δ", "5ε", "5ζ"),
            parameters=(RESAMPLES,),
            values=model_values(MAIN_SCORES, {name: MAIN_SCORES[name] for name in MAIN_SCORES if name != "micro_f1"}),
            function="labsteps.steps.s06_evaluation:evaluate_models",
        ),
        part(
            "6β",
            {VIEW},
            ("Precision, recall and F1 per class", "Precision, recall και F1 ανά κλάση"),
            ("The scores of each class, with intervals.", "Οι τιμές κάθε κλάσης, με διαστήματα."),
            needs=("6α",),
            function="labsteps.steps.s06_evaluation:scores_per_class",
        ),
        part(
            "6γ",
            {VIEW},
            ("Macro averages", "Macro μέσοι όροι"),
            ("The plain mean over the classes.", "Ο απλός μέσος όρος πάνω στις κλάσεις."),
            needs=("6α",),
            values=model_values(MACRO_SCORES, MACRO_SCORES),
            function="labsteps.steps.s06_evaluation:macro_averages",
        ),
        part(
            "6δ",
            {VIEW},
            ("Micro averages", "Micro μέσοι όροι"),
            ("Counts pooled over the classes.", "Πλήθη αθροισμένα πάνω στις κλάσεις."),
            needs=("6α",),
            values=model_values(MICRO_SCORES, MICRO_SCORES),
            function="labsteps.steps.s06_evaluation:micro_averages",
        ),
        part(
            "6ε",
            {QUESTION},
            ("What the metrics show", "Τι δείχνουν οι μετρικές"),
            ("What accuracy, precision, recall and F1 show.", "Τι δείχνουν accuracy, precision, recall και F1."),
            needs=("6α",),
        ),
        part(
            "6ζ",
            {QUESTION},
            ("What the averages show", "Τι δείχνουν οι μέσοι όροι"),
            ("What micro and macro averages show.", "Τι δείχνουν οι micro και macro μέσοι όροι."),
            needs=("6α",),
        ),
        part(
            "6η",
            {QUESTION},
            ("When accuracy and F1 part", "Πότε αποκλίνουν accuracy και F1"),
            ("When the two differ much, and what it means.", "Πότε διαφέρουν πολύ και τι σημαίνει."),
            needs=("6α",),
        ),
        part(
            "6θ",
            {QUESTION},
            ("When micro and macro F1 part", "Πότε αποκλίνουν micro και macro F1"),
            ("When the two differ much, and what it means.", "Πότε διαφέρουν πολύ και τι σημαίνει."),
            needs=("6α",),
        ),
        part(
            "6ι",
            {QUESTION},
            ("Precision or recall", "Precision ή recall"),
            (
                "Problems where one matters more than the other, and whether a good accuracy or F1 is enough there.",
                "Προβλήματα όπου το ένα μετρά περισσότερο, και αν αρκεί εκεί καλό accuracy ή F1.",
            ),
            needs=("6α",),
        ),
    ),
)
