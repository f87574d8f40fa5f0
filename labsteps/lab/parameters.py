"""Parameters of the parts that train and evaluate."""

from __future__ import annotations

from labsteps.parameter import Parameter
from labsteps.text import Text

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
    Parameter(
        "bucketing",
        True,
        Text(
            "clips of like length together in a batch, which saves padding; false = any clips together",
            "δείγματα με παρόμοια διάρκεια μαζί σε ένα batch, για λίγο padding· false = όποια τύχει",
        ),
    ),
    Parameter(
        "accumulate",
        1,
        Text(
            "batches whose gradients make one step, as one batch of all their clips would, except that batch"
            " normalisation and the loss ccc see each batch alone: for little memory",
            "batches των οποίων τα gradients κάνουν ένα βήμα, σαν ένα batch με όλα τους τα δείγματα, μόνο που το batch"
            " normalization και το κόστος ccc βλέπουν κάθε batch χωριστά· για λίγη μνήμη",
        ),
        minimum=1,
        maximum=1024,
        unit="batches",
    ),
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
        "fused",
        True,
        Text(
            "one kernel for all of the optimizer's operations on a weight",
            "ένας πυρήνας για όλες τις πράξεις του optimizer σε ένα βάρος",
        ),
    ),
    Parameter(
        "flush_denormal",
        True,
        Text(
            "numbers too small for a float's usual form become 0; else a CPU takes many times as long for each",
            "αριθμοί πολύ μικροί για τη συνήθη μορφή των float γίνονται 0· αλλιώς η CPU αργεί πολύ στον καθένα",
        ),
    ),
    Parameter(
        "compile",
        "off",
        Text(
            "torch.compile: inductor (a minute or more at the start), graphs = CUDA graphs too, eager = traced only",
            "torch.compile: inductor (ένα λεπτό ή και παραπάνω στην αρχή), graphs = και CUDA graphs, eager = μόνο"
            " ιχνηλάτηση",
        ),
        choices=("off", "inductor", "graphs", "eager"),
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
    Parameter(
        "channels_last",
        True,
        Text(
            "the channels of a cell beside each other in memory, as convolutions like it",
            "τα κανάλια κάθε κελιού δίπλα δίπλα στη μνήμη, όπως βολεύει τις συνελίξεις",
        ),
    ),
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
    Parameter(
        "recurrence",
        "auto",
        Text(
            "CPU threads: shared = all in each time step's product, divided = a part of the batch each; auto = by a"
            " short probe",
            "νήματα CPU: shared = όλα στο γινόμενο κάθε βήματος, divided = το καθένα με μέρος του batch· auto = με"
            " δοκιμή",
        ),
        choices=("auto", "shared", "divided"),
    ),
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
            " (8 πλαίσια είναι 0,19 s· τα beats δεν αλλάζουν)",
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


def features_parameter(default: str) -> Parameter:
    """Return the parameter that says what a network hears."""
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

# What steps 8 to 10 have in common, so that all of them are judged on the same tracks.
HELD_OUT = (
    Parameter(
        "held_out_fraction",
        0.2,
        Text(
            "part of the labelled tracks that no model of steps 8 to 10 trains, stops or chooses on",
            "μέρος των κομματιών με τιμές που κανένα μοντέλο των 8–10 δεν βλέπει σε εκπαίδευση ή επιλογή",
        ),
        0.05,
        0.5,
    ),
    Parameter(
        "held_out_seed",
        0,
        Text(
            "which tracks these are; the seed of a run does not change them",
            "ποια κομμάτια είναι αυτά· το seed της εκτέλεσης δεν τα αλλάζει",
        ),
        0,
        2**31 - 1,
    ),
)

REGRESSION = (
    Parameter(
        "loss",
        "mse",
        Text(
            "what training makes small: mean squared error, mean absolute error, Huber's loss,"
            " 1 − concordance correlation",
            "τι ελαχιστοποιεί η εκπαίδευση: μέσο τετραγωνικό σφάλμα, μέσο απόλυτο σφάλμα, Huber, 1 − CCC",
        ),
        choices=("mse", "l1", "huber", "ccc"),
    ),
    Parameter(
        "monitor",
        "spearman",
        Text(
            "what on the validation part picks the best epoch: Spearman's correlation or the loss",
            "τι διαλέγει την καλύτερη εποχή στο validation: συσχέτιση Spearman ή σφάλμα",
        ),
        choices=("spearman", "loss"),
    ),
)
