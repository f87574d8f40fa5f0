"""The contents of the catalogue: the lab's steps 0 to 11 and its deliverables, in the assignment's order.

Titles and briefs are in English and Greek.  A part without a ``function`` is not built yet; the front ends say so.
"""

from __future__ import annotations

from labsteps import view_specs as views
from labsteps.catalogue import Kind, Parameter, Part, Step, Text, ValueSpec
from labsteps.questions import QUESTIONS, Question

VIEW, RUN, QUESTION = Kind.VIEW, Kind.RUN, Kind.QUESTION

SUBSET = Parameter(
    "subset",
    0,
    Text(
        "use only so many training clips, drawn by class; 0 = all",
        "χρήση μόνο τόσων δειγμάτων εκπαίδευσης, ανά κλάση· 0 = όλα",
    ),
    minimum=0,
    maximum=1_000_000,
    unit="clips",
)

TRAINING = (
    Parameter("epochs", 30, Text("passes over the training part", "περάσματα από το σύνολο εκπαίδευσης"), 1, 10_000),
    Parameter("batch_size", 16, Text("clips in a batch", "δείγματα ανά batch"), minimum=1, maximum=4096, unit="clips"),
    Parameter("learning_rate", 1e-3, Text("peak learning rate of Adam", "μέγιστος ρυθμός μάθησης του Adam"), 1e-7, 1.0),
    Parameter("weight_decay", 1e-4, Text("weight decay of Adam", "εξασθένιση βαρών του Adam"), 0.0, 1.0),
    Parameter(
        "patience",
        10,
        Text(
            "epochs without a better validation score before stopping; 0 = never",
            "εποχές χωρίς βελτίωση στο validation πριν τη διακοπή· 0 = ποτέ",
        ),
        minimum=0,
        maximum=10_000,
        unit="epochs",
    ),
    Parameter(
        "validation_fraction",
        0.15,
        Text("part of the training index kept for validation", "μέρος του train που κρατείται για validation"),
        0.02,
        0.5,
    ),
    SUBSET,
)

MACHINE = (
    Parameter(
        "precision",
        "auto",
        Text("arithmetic of the forward pass; auto = by a short probe", "αριθμητική του μοντέλου· auto = με δοκιμή"),
        choices=("auto", "float32", "bf16"),
    ),
    Parameter("threads", 0, Text("CPU threads; 0 = by a short probe", "νήματα CPU· 0 = με δοκιμή"), 0, 1024),
    Parameter(
        "mode",
        "auto",
        Text(
            "exact = a resumed run repeats the uninterrupted one bit for bit; auto = exact on CPU, fast on GPU",
            "exact = η συνέχιση δίνει ακριβώς τα ίδια bits· auto = exact σε CPU, fast σε GPU",
        ),
        choices=("auto", "exact", "fast"),
    ),
    Parameter(
        "checkpoint_seconds",
        30.0,
        Text(
            "seconds between checkpoints inside an epoch; 0 = after every batch",
            "δευτερόλεπτα μεταξύ checkpoints μέσα σε μία εποχή· 0 = μετά από κάθε batch",
        ),
        0.0,
        86_400.0,
        unit="s",
        affects_result=False,
    ),
)

CNN = (
    Parameter(
        "crop_frames",
        256,
        Text(
            "frames of a random crop in training, anywhere in the clip; 0 = whole clips (testing always hears all)",
            "πλαίσια τυχαίου αποσπάσματος στην εκπαίδευση· 0 = ολόκληρα (η αξιολόγηση ακούει πάντα όλο το κομμάτι)",
        ),
        minimum=0,
        maximum=100_000,
        unit="frames",
    ),
    Parameter("channels", 32, Text("channels of the first layer, doubled each time", "κανάλια 1ου επιπέδου"), 1, 512),
    Parameter("kernel_size", 3, Text("side of the convolution kernels", "πλευρά των πυρήνων"), 1, 15, step=2),
    Parameter("dropout", 0.2, Text("dropout before the output layer", "dropout πριν το επίπεδο εξόδου"), 0.0, 0.95),
)

LSTM = (
    Parameter("hidden_size", 128, Text("units of each direction", "μονάδες κάθε κατεύθυνσης"), 1, 4096),
    Parameter("num_layers", 1, Text("layers on top of each other", "διαδοχικά επίπεδα"), 1, 8),
    Parameter("bidirectional", True, Text("read each clip backwards too", "ανάγνωση και ανάποδα")),
    Parameter(
        "pooling",
        "attention",
        Text(
            "what stands for a clip: its last valid step, or a learnt weighting over all valid steps",
            "τι αντιπροσωπεύει το κομμάτι: το τελευταίο έγκυρο βήμα, ή σταθμισμένος μέσος των έγκυρων βημάτων",
        ),
        choices=("last", "attention"),
    ),
    Parameter(
        "dropout",
        0.3,
        Text("dropout between layers and before the output layer", "dropout ανάμεσα σε επίπεδα και πριν την έξοδο"),
        0.0,
        0.95,
    ),
    Parameter("clip_norm", 5.0, Text("largest norm of the gradient", "μέγιστη νόρμα του gradient"), 0.001, 1e6),
)

RAW_FRAMES = (
    Parameter(
        "crop_frames",
        512,
        Text(
            "frames of a random crop in training, anywhere in the clip; 0 = whole clips (testing always hears all)",
            "πλαίσια τυχαίου αποσπάσματος στην εκπαίδευση· 0 = ολόκληρα (η αξιολόγηση ακούει πάντα όλο το κομμάτι)",
        ),
        minimum=0,
        maximum=100_000,
        unit="frames",
    ),
    Parameter(
        "frame_stride",
        8,
        Text(
            "successive raw frames that are averaged into one step, over the whole clip; 1 = every frame as it is"
            " (8 frames are 0.19 s; beats are never averaged)",
            "διαδοχικά πλαίσια που γίνονται ένα βήμα, ο μέσος τους, σε όλο το κομμάτι· 1 = κάθε πλαίσιο όπως είναι"
            " (8 πλαίσια είναι 0.19 s· τα beats δεν αλλάζουν)",
        ),
        minimum=1,
        maximum=1000,
        unit="frames",
    ),
)

# The training of an LSTM: a falling rate over 40 epochs suits it better than the CNN's 30.
LSTM_TRAINING = (
    Parameter("epochs", 40, Text("passes over the training part", "περάσματα από το σύνολο εκπαίδευσης"), 1, 10_000),
    *(parameter for parameter in TRAINING if parameter.name not in ("epochs", "patience")),
    Parameter(
        "patience",
        15,
        Text(
            "epochs without a better validation score before stopping; 0 = never",
            "εποχές χωρίς βελτίωση στο validation πριν τη διακοπή· 0 = ποτέ",
        ),
        minimum=0,
        maximum=10_000,
        unit="epochs",
    ),
)

SEEDS = Parameter(
    "seeds",
    1,
    Text(
        "trainings with the seeds after this one, to see how far results of the same settings part",
        "εκπαιδεύσεις με τα επόμενα seeds, για να φανεί πόσο διαφέρουν αποτελέσματα ίδιων ρυθμίσεων",
    ),
    minimum=1,
    maximum=20,
)

# In the order of `labsteps.steps.genre.FEATURE_KINDS`.
FEATURES = ("mel", "beat mel", "chroma", "beat chroma", "mel+chroma", "beat mel+chroma")


def _features(default: str) -> Parameter:
    return Parameter("features", default, Text("what the network hears", "τι ακούει το δίκτυο"), choices=FEATURES)


OVERFIT = (
    Parameter("overfit_batches", 3, Text("batches that are learnt by heart", "batches που απομνημονεύονται"), 1, 16),
    Parameter("epochs", 200, Text("at most so many passes over them", "το πολύ τόσα περάσματα"), 1, 10_000),
    Parameter("batch_size", 8, Text("clips in a batch", "δείγματα ανά batch"), minimum=1, maximum=4096, unit="clips"),
    Parameter("learning_rate", 1e-3, Text("learning rate of Adam", "ρυθμός μάθησης του Adam"), 1e-7, 1.0),
    Parameter(
        "target_loss",
        0.05,
        Text("training loss below which the check is passed", "σφάλμα κάτω από το οποίο ο έλεγχος πετυχαίνει"),
        1e-6,
        10.0,
    ),
)

RESAMPLES = Parameter(
    "resamples",
    2000,
    Text("bootstrap resamples behind each 95 % interval", "δείγματα bootstrap για κάθε διάστημα 95 %"),
    minimum=100,
    maximum=1_000_000,
)

GENRE_VALUES = (
    ValueSpec("test/accuracy", Text("accuracy", "accuracy")),
    ValueSpec("test/macro_f1", Text("macro-F1", "macro-F1")),
    ValueSpec("test/micro_f1", Text("micro-F1", "micro-F1")),
    ValueSpec("test/micro_precision", Text("micro precision", "micro precision")),
    ValueSpec("test/micro_recall", Text("micro recall", "micro recall")),
    ValueSpec("test/macro_precision", Text("macro precision", "macro precision")),
    ValueSpec("test/macro_recall", Text("macro recall", "macro recall")),
    ValueSpec("majority/accuracy", Text("majority class, accuracy", "πολυπληθέστερη κλάση, accuracy")),
    ValueSpec("majority/macro_f1", Text("majority class, macro-F1", "πολυπληθέστερη κλάση, macro-F1")),
    ValueSpec("validation/accuracy", Text("validation accuracy, best epoch", "accuracy validation, καλύτερη εποχή")),
    ValueSpec("validation/macro_f1", Text("validation macro-F1, best epoch", "macro-F1 validation, καλύτερη εποχή")),
    ValueSpec("best_epoch", Text("best epoch", "καλύτερη εποχή"), better="", digits=0),
    ValueSpec("epochs_run", Text("epochs run", "εποχές που έτρεξαν"), better="", digits=0),
)
SEED_VALUES = (
    ValueSpec("seeds/accuracy", Text("accuracy, mean of the seeds", "accuracy, μέσος των seeds")),
    ValueSpec("seeds/macro_f1", Text("macro-F1, mean of the seeds", "macro-F1, μέσος των seeds")),
)


def _difference_values(prefix: str, en: str, el: str) -> tuple[ValueSpec, ...]:
    """Return what a paired comparison reports; the texts name what is compared with what."""
    return (
        ValueSpec(f"{prefix}/accuracy_difference", Text(f"accuracy, {en}", f"accuracy, {el}")),
        ValueSpec(f"{prefix}/macro_f1_difference", Text(f"macro-F1, {en}", f"macro-F1, {el}")),
        ValueSpec(f"{prefix}/mcnemar_p", Text(f"McNemar's p, {en}", f"p του McNemar, {el}"), better=""),
    )


def _kind_values(prefix: str, en: str, el: str) -> tuple[ValueSpec, ...]:
    """Return what a part that trains on two kinds of frames reports of one of them."""
    told = (*GENRE_VALUES, *SEED_VALUES)
    names = {"test/accuracy", "test/macro_f1", "test/micro_f1", "validation/accuracy", "validation/macro_f1"}
    names |= {"best_epoch", "epochs_run", "seeds/accuracy", "seeds/macro_f1"}
    return tuple(
        ValueSpec(
            f"{prefix}/{spec.name}",
            Text(f"{en}: {spec.title.en}", f"{el}: {spec.title.el}"),
            "",
            spec.better,
            spec.digits,
        )
        for spec in told
        if spec.name in names
    )


def _model_values(scores: dict[str, str], baselines: dict[str, str]) -> tuple[ValueSpec, ...]:
    """Return what step 6 reports of each network, and of the classical method beside it: score → its title."""

    def specs(prefix: str, title: str, named: dict[str, str]) -> list[ValueSpec]:
        return [
            ValueSpec(
                f"{prefix}{features.replace(' ', '_').replace('+', '_')}/{score}",
                Text(f"{title}{features}: {name}", f"{title}{features}: {name}"),
            )
            for features in FEATURES
            for score, name in named.items()
        ]

    return (
        *specs("", "LSTM ", scores),
        *specs("classical_", "classical ", baselines),
        *(spec for spec in GENRE_VALUES if spec.name.startswith("majority/")),
    )


MAIN_SCORES = {"accuracy": "accuracy", "macro_f1": "macro-F1", "micro_f1": "micro-F1"}
MACRO_SCORES = {f"macro_{score}": score for score in ("precision", "recall")} | {"macro_f1": "F1"}
MICRO_SCORES = {f"micro_{score}": score for score in ("precision", "recall")} | {"micro_f1": "F1"}

TWO_KIND_VALUES = (
    *GENRE_VALUES,
    *_kind_values("raw", "raw", "αρχικό"),
    *_kind_values("beat", "beat", "ανά beat"),
    *SEED_VALUES,
    *_difference_values("raw_vs_beat", "raw less beat", "αρχικό μείον ανά beat"),
)

OVERFIT_VALUES = (
    ValueSpec("train/loss", Text("final training loss", "τελικό σφάλμα εκπαίδευσης"), better="lower", digits=4),
    ValueSpec("train/accuracy", Text("training accuracy", "accuracy εκπαίδευσης")),
    ValueSpec("epochs_run", Text("epochs needed", "εποχές που χρειάστηκαν"), better="lower", digits=0),
    ValueSpec("passed", Text("passed (1 = yes)", "επιτυχία (1 = ναι)"), digits=0),
)


def _part(
    part_id: str,
    kinds: set[Kind],
    title: tuple[str, str],
    brief: tuple[str, str],
    *,
    data: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    uses: tuple[str, ...] = (),
    parameters: tuple[Parameter, ...] = (),
    values: tuple[ValueSpec, ...] = (),
    function: str = "",
    fresh: bool = False,
) -> Part:
    asked = QUESTIONS.get(part_id, Question(None))
    return Part(
        part_id,
        Text(*title),
        Text(*brief),
        frozenset(kinds),
        data,
        needs,
        uses,
        parameters,
        values,
        function,
        asked.text,
        asked.evidence,
        asked.illustration,
        fresh,
    )


STEP_0 = Step(
    "0",
    Text("Data and device", "Δεδομένα και συσκευή"),
    (
        _part(
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
        _part(
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
        _part(
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
        _part(
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
        _part(
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
        _part(
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
        ),
        _part(
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
        _part(
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
        _part(
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
        _part(
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
        _part(
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

STEP_5 = Step(
    "5",
    Text("Genre with an LSTM", "Είδος μουσικής με LSTM"),
    (
        _part(
            "5α",
            {VIEW},
            ("The LSTM and its input", "Το LSTM και η είσοδός του"),
            (
                "Variable lengths, the last valid time step, and padding that does not change the output.",
                "Μεταβλητά μήκη, το τελευταίο έγκυρο βήμα και padding που δεν αλλάζει την έξοδο.",
            ),
            data=("genre", "genre_beat"),
            parameters=(
                _features("beat mel"),
                Parameter(
                    "more_frames", 100, Text("padding added on top", "επιπλέον padding"), 0, 10_000, unit="frames"
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
        _part(
            "5β",
            {RUN},
            ("Overfit check of the LSTM", "Έλεγχος υπερεκπαίδευσης του LSTM"),
            (
                "Three or four batches learnt by heart: a network that cannot do this has a bug.",
                "Τρία ή τέσσερα batches που απομνημονεύονται: ένα δίκτυο που δεν μπορεί έχει σφάλμα.",
            ),
            data=("genre", "genre_beat"),
            parameters=(_features("mel"), *OVERFIT, *LSTM, *RAW_FRAMES, *MACHINE),
            values=OVERFIT_VALUES,
            function="labsteps.steps.s05_lstm:overfit_lstm",
        ),
        _part(
            "5γ",
            {RUN},
            ("LSTM on mel spectrograms", "LSTM σε φασματογραφήματα mel"),
            ("An LSTM trained on the raw mel frames.", "Ένα LSTM εκπαιδευμένο στα αρχικά πλαίσια mel."),
            data=("genre",),
            parameters=(*LSTM_TRAINING, *LSTM, *RAW_FRAMES, SEEDS, *MACHINE),
            values=(*GENRE_VALUES, *SEED_VALUES),
            function="labsteps.steps.s05_lstm:genre_mel",
        ),
        _part(
            "5δ",
            {RUN},
            ("LSTM on beat-synchronous mel", "LSTM σε mel ανά beat"),
            ("An LSTM trained on one mel frame a beat.", "Ένα LSTM εκπαιδευμένο σε ένα πλαίσιο mel ανά beat."),
            data=("genre_beat",),
            parameters=(*LSTM_TRAINING, *LSTM, SEEDS, *MACHINE),
            values=(*GENRE_VALUES, *SEED_VALUES),
            function="labsteps.steps.s05_lstm:genre_beat_mel",
        ),
        _part(
            "5ε",
            {RUN},
            ("LSTM on chromagrams", "LSTM σε χρωμογραφήματα"),
            ("Chroma alone, raw and beat-synchronous.", "Μόνο chroma, αρχικό και ανά beat."),
            data=("genre", "genre_beat"),
            parameters=(*LSTM_TRAINING, *LSTM, *RAW_FRAMES, SEEDS, *MACHINE),
            values=TWO_KIND_VALUES,
            function="labsteps.steps.s05_lstm:genre_chroma",
        ),
        _part(
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
        _part(
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
            values=_model_values(MAIN_SCORES, {name: MAIN_SCORES[name] for name in ("accuracy", "macro_f1")}),
            function="labsteps.steps.s06_evaluation:evaluate_models",
        ),
        _part(
            "6β",
            {VIEW},
            ("Precision, recall and F1 per class", "Precision, recall και F1 ανά κλάση"),
            ("The scores of each class, with intervals.", "Οι τιμές κάθε κλάσης, με διαστήματα."),
            needs=("6α",),
            function="labsteps.steps.s06_evaluation:scores_per_class",
        ),
        _part(
            "6γ",
            {VIEW},
            ("Macro averages", "Macro μέσοι όροι"),
            ("The plain mean over the classes.", "Ο απλός μέσος όρος πάνω στις κλάσεις."),
            needs=("6α",),
            values=_model_values(MACRO_SCORES, MACRO_SCORES),
            function="labsteps.steps.s06_evaluation:macro_averages",
        ),
        _part(
            "6δ",
            {VIEW},
            ("Micro averages", "Micro μέσοι όροι"),
            ("Counts pooled over the classes.", "Πλήθη αθροισμένα πάνω στις κλάσεις."),
            needs=("6α",),
            values=_model_values(MICRO_SCORES, MICRO_SCORES),
            function="labsteps.steps.s06_evaluation:micro_averages",
        ),
        _part(
            "6ε",
            {QUESTION},
            ("What the metrics show", "Τι δείχνουν οι μετρικές"),
            ("What accuracy, precision, recall and F1 show.", "Τι δείχνουν accuracy, precision, recall και F1."),
            needs=("6α",),
        ),
        _part(
            "6ζ",
            {QUESTION},
            ("What the averages show", "Τι δείχνουν οι μέσοι όροι"),
            ("What micro and macro averages show.", "Τι δείχνουν οι micro και macro μέσοι όροι."),
            needs=("6α",),
        ),
        _part(
            "6η",
            {QUESTION},
            ("When accuracy and F1 part", "Πότε αποκλίνουν accuracy και F1"),
            ("When the two differ much, and what it means.", "Πότε διαφέρουν πολύ και τι σημαίνει."),
            needs=("6α",),
        ),
        _part(
            "6θ",
            {QUESTION},
            ("When micro and macro F1 part", "Πότε αποκλίνουν micro και macro F1"),
            ("When the two differ much, and what it means.", "Πότε διαφέρουν πολύ και τι σημαίνει."),
            needs=("6α",),
        ),
        _part(
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

STEP_7_1 = Step(
    "7.1",
    Text("2D CNN", "2D CNN"),
    (
        _part(
            "7.1α",
            {RUN, VIEW, QUESTION},
            ("Inside a CNN, on digits", "Μέσα σε ένα CNN, σε ψηφία"),
            (
                "A small CNN trained on MNIST digits: activations layer by layer, filters, and how they change.",
                "Ένα μικρό CNN σε ψηφία MNIST: ενεργοποιήσεις ανά επίπεδο, φίλτρα, και πώς αλλάζουν.",
            ),
        ),
        _part(
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
        _part(
            "7.1γ",
            {QUESTION},
            ("Convolution, normalisation, ReLU, pooling", "Convolution, normalization, ReLU, pooling"),
            ("What each of the four operations does and why.", "Τι κάνει καθεμία από τις τέσσερις πράξεις και γιατί."),
        ),
        _part(
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
        _part(
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
                *_difference_values("vs_5γ", "less 5γ", "μείον 5γ"),
            ),
            function="labsteps.steps.s07_1_cnn:genre_cnn",
        ),
    ),
)

STEP_7_2 = Step(
    "7.2",
    Text("Audio Spectrogram Transformer", "Audio Spectrogram Transformer"),
    (
        _part(
            "7.2α",
            {QUESTION},
            ("How AST works", "Πώς λειτουργεί το AST"),
            (
                "The model of arXiv 2104.01778 in short, beside its patch grid and attention on a track of yours.",
                "Το μοντέλο του arXiv 2104.01778 με λίγα λόγια, με το πλέγμα και την προσοχή του σε ένα κομμάτι.",
            ),
        ),
        _part(
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

STEP_8 = Step(
    "8",
    Text("Emotion by regression", "Συναίσθημα με παλινδρόμηση"),
    (
        _part(
            "8α",
            {VIEW},
            ("Models with a regression head", "Μοντέλα με κεφαλή παλινδρόμησης"),
            ("LSTM, CNN and AST with another head and loss.", "LSTM, CNN και AST με άλλη κεφαλή και κόστος."),
            data=("multitask",),
        ),
        *(
            _part(
                part_id,
                {RUN},
                (f"{axis.capitalize()} with three models", f"{axis.capitalize()} με τρία μοντέλα"),
                (f"LSTM, CNN and AST trained to predict {axis}.", f"LSTM, CNN και AST για την πρόβλεψη του {axis}."),
                data=("multitask", "multitask_beat"),
            )
            for part_id, axis in (("8β", "valence"), ("8γ", "energy"), ("8δ", "danceability"))
        ),
        _part(
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
        _part(
            "9α",
            {QUESTION},
            ("How transferable features are", "Πόσο μεταφέρονται τα χαρακτηριστικά"),
            ("Yosinski et al. 2014 in two sentences.", "Yosinski et al. 2014 σε δύο προτάσεις."),
        ),
        _part(
            "9β",
            {QUESTION},
            ("Which model to transfer", "Ποιο μοντέλο μεταφέρεται"),
            ("The choice among steps 5, 7.1 and 7.2, and why.", "Η επιλογή ανάμεσα στα 5, 7.1, 7.2, και γιατί."),
        ),
        _part(
            "9γ",
            {RUN, QUESTION},
            ("The source model, at its best epoch", "Το αρχικό μοντέλο, στην καλύτερη εποχή"),
            (
                "Trained on genres without the tracks held out in step 8; which metric on which set decides.",
                "Εκπαίδευση στα είδη χωρίς τα κρατημένα κομμάτια του 8· ποια μετρική σε ποιο σύνολο αποφασίζει.",
            ),
            data=("genre", "multitask"),
        ),
        _part(
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
        _part(
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
        _part(
            "10α",
            {QUESTION},
            ("One model for many tasks", "Ένα μοντέλο για πολλά προβλήματα"),
            ("arXiv 1706.05137 in two sentences.", "arXiv 1706.05137 σε δύο προτάσεις."),
        ),
        _part(
            "10β",
            {VIEW},
            ("The multitask loss", "Το κόστος πολλαπλών προβλημάτων"),
            (
                "Logits and targets of the three axes in, the weighted sum of three losses out.",
                "Είσοδος logits και targets των τριών αξόνων, έξοδος το σταθμισμένο άθροισμα τριών κοστών.",
            ),
        ),
        _part(
            "10γ",
            {RUN},
            ("One model for three axes", "Ένα μοντέλο για τρεις άξονες"),
            ("Trained with the loss of 10β.", "Εκπαίδευση με το κόστος του 10β."),
            data=("multitask",),
            needs=("10β",),
        ),
        _part(
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
        _part(
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
        _part(
            "11β",
            {VIEW, QUESTION},
            ("PCA", "PCA"),
            ("How well the classes separate, measured.", "Πόσο διαχωρίζονται οι κλάσεις, με μέτρηση."),
            needs=("11α",),
        ),
        _part(
            "11γ",
            {VIEW, QUESTION},
            ("The worst model of step 5", "Το χειρότερο μοντέλο του βήματος 5"),
            ("The same picture for it, and the difference.", "Η ίδια εικόνα γι' αυτό, και η διαφορά."),
            needs=("11α",),
        ),
        _part(
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
        _part(
            "report",
            {RUN},
            ("The report", "Η αναφορά"),
            (
                "A PDF with every step's figures, tables and your answers.",
                "Ένα PDF με τα σχήματα, τους πίνακες και τις απαντήσεις σας για κάθε βήμα.",
            ),
        ),
        _part(
            "submit",
            {RUN},
            ("The zip to hand in", "Το zip για παράδοση"),
            ("The PDF and the Python code, named as asked.", "Το PDF και ο κώδικας Python, με το ζητούμενο όνομα."),
            needs=("report",),
        ),
    ),
)

STEPS = (
    STEP_0,
    STEP_1,
    STEP_2,
    STEP_3,
    STEP_4,
    STEP_5,
    STEP_6,
    STEP_7_1,
    STEP_7_2,
    STEP_8,
    STEP_9,
    STEP_10,
    STEP_11,
    DELIVERABLES,
)
