"""Steps 0 to 4: seeing the data."""

from __future__ import annotations

from labsteps.catalogue import Step
from labsteps.lab import view_specs as views
from labsteps.lab.making import QUESTION, VIEW, part
from labsteps.text import Text

STEP_0 = Step(
    "0",
    Text("Data and device", "Δεδομένα και συσκευή"),
    (
        part(
            "0",
            {VIEW},
            ("The data folder and the device", "Ο φάκελος δεδομένων και η συσκευή"),
            (
                "The tree of the data root, whether its layout is whole, and the devices of this machine.",
                "Το δέντρο του φακέλου δεδομένων, αν είναι πλήρες, και οι συσκευές αυτού του υπολογιστή.",
            ),
            values=views.DATA_VALUES,
            function="labsteps.steps.s00_data:data_and_device",
            fresh=True,
        ),
    ),
)

STEP_1 = Step(
    "1",
    Text("Mel spectrograms", "Φασματογραφήματα mel"),
    (
        part(
            "1α",
            {VIEW},
            ("Two tracks of different genres", "Δύο κομμάτια διαφορετικού είδους"),
            (
                "Two random rows with different labels from the train index; the seed keeps them the same.",
                "Δύο τυχαίες γραμμές με διαφορετικά labels από το train index· το seed τις κρατά ίδιες.",
            ),
            data=("genre",),
            parameters=(views.DRAW,),
            function="labsteps.steps.s01_mel:two_tracks",
        ),
        part(
            "1β",
            {VIEW},
            ("Reading the mel part", "Ανάγνωση του μέρους mel"),
            (
                "Both files read, rows 0 to 127 taken: dtype, range and shape.",
                "Ανάγνωση των δύο αρχείων, γραμμές 0 έως 127: τύπος, εύρος και διαστάσεις.",
            ),
            data=("genre",),
            parameters=(views.DRAW,),
            values=views.MEL_VALUES,
            function="labsteps.steps.s01_mel:mel_part",
        ),
        part(
            "1γ",
            {VIEW},
            ("The two spectrograms side by side", "Τα δύο φασματογραφήματα μαζί"),
            (
                "Drawn with a mel axis and seconds, with measured differences to comment on.",
                "Με άξονα mel και δευτερόλεπτα, μαζί με μετρημένες διαφορές για σχολιασμό.",
            ),
            data=("genre",),
            parameters=(views.DRAW,),
            values=views.COMPARED_VALUES,
            function="labsteps.steps.s01_mel:mel_pictures",
        ),
        part(
            "1δ",
            {QUESTION},
            ("The mel scale", "Η κλίμακα mel"),
            (
                "What the mel scale is, how it came about, and why it is used for music.",
                "Τι είναι η κλίμακα mel, πώς δημιουργήθηκε και γιατί χρησιμοποιείται στη μουσική.",
            ),
        ),
    ),
)

STEP_2 = Step(
    "2",
    Text("Beat-synchronous spectrograms", "Φασματογραφήματα στον ρυθμό"),
    (
        part(
            "2α",
            {VIEW, QUESTION},
            ("Time steps, and the cost of an LSTM", "Χρονικά βήματα και κόστος ενός LSTM"),
            (
                "Shapes of the spectrograms of step 1, and measured seconds per training step at both lengths.",
                "Διαστάσεις των φασματογραφημάτων του βήματος 1 και μετρημένος χρόνος ανά βήμα εκπαίδευσης.",
            ),
            data=("genre", "genre_beat"),
            parameters=views.TIMING,
            values=views.COST_VALUES,
            function="labsteps.steps.s02_beat:time_steps",
            timed=True,
        ),
        part(
            "2β",
            {VIEW, QUESTION},
            ("Step 1 again, per beat", "Ξανά το βήμα 1, ανά beat"),
            (
                "The same two tracks from the beat folder, on an axis of beats; the differences.",
                "Τα ίδια δύο κομμάτια από τον φάκελο beat, σε άξονα beats· οι διαφορές.",
            ),
            data=("genre", "genre_beat"),
            parameters=(views.DRAW,),
            values=views.BEAT_VALUES,
            function="labsteps.steps.s02_beat:beat_pictures",
        ),
    ),
)

STEP_3 = Step(
    "3",
    Text("Chromagrams", "Χρωμογραφήματα"),
    (
        part(
            "3",
            {VIEW, QUESTION},
            ("The chroma part, raw and per beat", "Το μέρος chroma, αρχικό και ανά beat"),
            (
                "Steps 1 and 2 again for rows 128 to 139, pitch classes C to B on the vertical axis.",
                "Ξανά τα βήματα 1 και 2 για τις γραμμές 128 έως 139, με τις νότες C έως B κατακόρυφα.",
            ),
            data=("genre", "genre_beat"),
            parameters=(views.DRAW,),
            values=views.CHROMA_VALUES,
            function="labsteps.steps.s03_chroma:chromagrams",
        ),
    ),
)

STEP_4 = Step(
    "4",
    Text("Data set and classes", "Σύνολο δεδομένων και κλάσεις"),
    (
        part(
            "4α",
            {VIEW, QUESTION},
            ("What the data set returns", "Τι επιστρέφει το Dataset"),
            (
                "One item live: features padded, label, true length; what each operation does.",
                "Ένα δείγμα: χαρακτηριστικά με padding, label, πραγματικό μήκος· τι κάνει κάθε λειτουργία.",
            ),
            data=("genre",),
            parameters=(views.DRAW,),
            values=views.ITEM_VALUES,
            function="labsteps.steps.s04_dataset:one_item",
        ),
        part(
            "4β",
            {VIEW},
            ("Merged and dropped genres", "Συγχώνευση και αφαίρεση ειδών"),
            (
                "The merge of similar genres and the removal of rare ones, with counts.",
                "Η συγχώνευση συγγενικών ειδών και η αφαίρεση σπάνιων, με πλήθη.",
            ),
            data=("genre",),
            values=views.MERGE_VALUES,
            function="labsteps.steps.s04_dataset:merge_table",
        ),
        part(
            "4γ",
            {VIEW},
            ("Histograms before and after", "Ιστογράμματα πριν και μετά"),
            (
                "Samples per class before and after the merge, train and test.",
                "Δείγματα ανά κλάση πριν και μετά τη συγχώνευση, train και test.",
            ),
            data=("genre",),
            values=views.BALANCE_VALUES,
            function="labsteps.steps.s04_dataset:histograms",
        ),
    ),
)
