"""Step 9: transfer learning."""

from __future__ import annotations

from dataclasses import replace

from labsteps.catalogue import Step, ValueSpec
from labsteps.lab.making import QUESTION, RUN, VIEW, part
from labsteps.lab.parameters import FEATURES, HELD_OUT, MACHINE, REGRESSION, RESAMPLES, SEEDS, SUBSET, TRAINING
from labsteps.lab.regression import AXES, BASELINES, MODELS, held_out_values, seed_values
from labsteps.lab.values import GENRE_VALUES, SEED_VALUES
from labsteps.parameter import Parameter
from labsteps.text import Text

# In the order of `labsteps.steps.sources.SOURCES`, after auto.
SOURCES = ("auto", *(f"lstm {features}" for features in FEATURES), "cnn", "ast")
# Which part trains each of them.
TRAINED_BY = dict(zip(SOURCES[1:], ("5γ", "5δ", "5ε", "5ε", "5ζ", "5ζ", "7.1ε", "7.2β"), strict=True))
GENRE_MODELS = tuple(dict.fromkeys(TRAINED_BY.values()))
AXIS_NAMES = tuple(axis for _, axis in AXES)

_VALIDATION = next(p for p in TRAINING if p.name == "validation_fraction")

SOURCE_SETTINGS = (
    Parameter(
        "source",
        "auto",
        Text(
            "which model of steps 5, 7.1 and 7.2; auto = the one of the session that validates best",
            "ποιο μοντέλο από τα βήματα 5, 7.1, 7.2· auto = το καλύτερο της συνεδρίας στο validation",
        ),
        choices=SOURCES,
    ),
    Parameter(
        "source_monitor",
        "macro_f1",
        Text(
            "which score on the validation set decides which epoch is kept",
            "ποια τιμή στο validation αποφασίζει ποια εποχή κρατιέται",
        ),
        choices=("macro_f1", "accuracy", "loss"),
    ),
    Parameter(
        "epochs",
        0,
        Text("passes over the training part; 0 = as many as its own part", "περάσματα· 0 = όσα το δικό του μέρος"),
        0,
        10_000,
    ),
    replace(
        SUBSET,
        help=Text(
            "use only so many training clips, drawn by class; 0 = as its own part",
            "χρήση μόνο τόσων δειγμάτων εκπαίδευσης, ανά κλάση· 0 = όπως το δικό του μέρος",
        ),
    ),
    *HELD_OUT,
    replace(
        _VALIDATION,
        help=Text(
            "part of the emotion tracks that 9δ validates on; they are left out here",
            "μέρος των κομματιών με τιμές για validation στο 9δ· μένουν έξω εδώ",
        ),
    ),
)

_FINE_TUNING = {"epochs": 10, "batch_size": 8, "patience": 0}
TUNING_SETTINGS = (
    Parameter(
        "axis", "valence", Text("axis that is learnt, by its name in the index", "άξονας, με το όνομα του index")
    ),
    Parameter(
        "backbone",
        "gradual",
        Text(
            "what of the backbone learns: nothing, all from the first epoch on, or more and more layers from the top",
            "τι μαθαίνει από τον κορμό: τίποτε, όλα από την αρχή, ή όλο και περισσότερα επίπεδα από πάνω",
        ),
        choices=("frozen", "full", "gradual"),
    ),
    Parameter(
        "unfreeze_every",
        1,
        Text("gradual: epochs before the next layers join", "gradual: εποχές μέχρι να προστεθούν τα επόμενα επίπεδα"),
        1,
        10_000,
        unit="epochs",
    ),
    Parameter(
        "backbone_rate",
        0.3,
        Text(
            "factor on the learning rate for the backbone; the head learns at the full rate",
            "συντελεστής στον ρυθμό μάθησης για τον κορμό· η κεφαλή μαθαίνει με τον πλήρη ρυθμό",
        ),
        0.0,
        1.0,
    ),
    *(replace(p, default=_FINE_TUNING.get(p.name, p.default)) for p in TRAINING if p.name != "subset"),
    replace(
        SUBSET,
        help=Text("use only so many training tracks; 0 = all", "χρήση μόνο τόσων κομματιών εκπαίδευσης· 0 = όλα"),
    ),
    *REGRESSION,
    *HELD_OUT,
)


def _spec(name: str, en: str, el: str, better: str = "higher", digits: int = 3) -> ValueSpec:
    return ValueSpec(name, Text(en, el), "", better, digits)


_TRAINED = (
    _spec("validation/spearman", "validation Spearman", "Spearman validation"),
    _spec("validation/loss", "validation loss", "σφάλμα validation", "lower", 4),
    _spec("best_epoch", "best epoch", "καλύτερη εποχή", "", 0),
    _spec("epochs_run", "epochs run", "εποχές που έτρεξαν", "", 0),
)
_TUNED_SEEDS = Text(
    f"{SEEDS.help.en}; each from the backbone that 9γ trained with the same seed, so 9γ needs as many",
    f"{SEEDS.help.el}· καθεμία από τον κορμό του 9γ με το ίδιο seed, άρα το 9γ θέλει τουλάχιστον τόσα",
)
_SCRATCH = ("from scratch", "από το μηδέν")
_OTHERS = {
    "scratch": ("from scratch, as long", "από το μηδέν, όσο και αυτό"),
    **{name: (f"{title} of step 8", f"{title} του βήματος 8") for name, title in MODELS.items()},
    **BASELINES,
}

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
            {VIEW, QUESTION},
            ("Which model to transfer", "Ποιο μοντέλο μεταφέρεται"),
            (
                "Every genre model of the session in one table, the best on the validation part first: the choice among"
                " steps 5, 7.1 and 7.2, and why.",
                "Κάθε μοντέλο είδους της συνεδρίας σε έναν πίνακα, πρώτο το καλύτερο στο validation: η επιλογή ανάμεσα"
                " στα βήματα 5, 7.1, 7.2, και γιατί.",
            ),
            needs=("5δ", "7.1ε"),
            uses=tuple(name for name in GENRE_MODELS if name not in ("5δ", "7.1ε")),
            values=(
                _spec("best/validation_macro_f1", "best validation macro-F1", "καλύτερο macro-F1 στο validation"),
                _spec("best/test_macro_f1", "its macro-F1 on the test set", "το macro-F1 του στο test"),
                _spec("models", "genre models in the session", "μοντέλα είδους στη συνεδρία", "", 0),
            ),
            function="labsteps.steps.sources:compare_sources",
        ),
        part(
            "9γ",
            {RUN, QUESTION},
            ("The source model, at its best epoch", "Το αρχικό μοντέλο, στην καλύτερη εποχή"),
            (
                "Trained on genres without the tracks that the emotion task holds out or validates on; which metric on"
                " which set decides.",
                "Εκπαίδευση στα είδη χωρίς τα κομμάτια που το πρόβλημα του συναισθήματος κρατά για έλεγχο ή validation·"
                " ποια μετρική σε ποιο σύνολο αποφασίζει.",
            ),
            data=("genre", "genre_beat", "multitask", "multitask_beat"),
            needs=("9β",),
            needs_for={("source", source): (trained,) for source, trained in TRAINED_BY.items()},
            uses=GENRE_MODELS,
            parameters=(*SOURCE_SETTINGS, SEEDS, *MACHINE, RESAMPLES),
            values=(
                *(spec for spec in GENRE_VALUES if not spec.name.startswith("majority/")),
                *SEED_VALUES,
                _spec("shared", "tracks in both data sets", "κομμάτια και στα δύο σύνολα", "", 0),
                _spec("left_out", "of them left out here", "από αυτά έμειναν έξω", "", 0),
                _spec("left_out/held_out", "left out: held out in step 8", "έξω: κρατημένα στο βήμα 8", "", 0),
                _spec("left_out/validation", "left out: validation in 9δ", "έξω: validation στο 9δ", "", 0),
                _spec("left_out/unlabelled", "left out: unlabelled", "έξω: χωρίς τιμές", "", 0),
            ),
            function="labsteps.steps.s09_transfer:train_source",
        ),
        part(
            "9δ",
            {RUN},
            ("Fine-tuning on one axis", "Fine-tuning σε έναν άξονα"),
            (
                "The backbone of 9γ under a regression head: frozen, full or gradual, beside the same network trained"
                " from scratch for as long.",
                "Ο κορμός του 9γ κάτω από κεφαλή παλινδρόμησης: παγωμένος, πλήρης ή σταδιακός, δίπλα στο ίδιο δίκτυο"
                " εκπαιδευμένο από το μηδέν για ίσες εποχές.",
            ),
            data=("multitask", "multitask_beat"),
            needs=("9γ",),
            parameters=(*TUNING_SETTINGS, replace(SEEDS, help=_TUNED_SEEDS), *MACHINE, RESAMPLES),
            values=(
                *held_out_values("", ("", ""), AXIS_NAMES),
                *_TRAINED,
                *held_out_values("scratch/", _SCRATCH, AXIS_NAMES),
                *(
                    replace(
                        spec,
                        name=f"scratch/{spec.name}",
                        title=Text(f"{_SCRATCH[0]}: {spec.title.en}", f"{_SCRATCH[1]}: {spec.title.el}"),
                    )
                    for spec in _TRAINED
                ),
                _spec("vs_scratch/spearman_difference", "Spearman, less from scratch", "Spearman, μείον από το μηδέν"),
                *seed_values("", ("", ""), AXIS_NAMES),
                *seed_values("scratch/", _SCRATCH, AXIS_NAMES),
                _spec(
                    "vs_scratch/seeds/spearman_difference",
                    "Spearman, less from scratch, mean of the seeds",
                    "Spearman, μείον από το μηδέν, μέσος των seeds",
                ),
            ),
            function="labsteps.steps.s09_transfer:fine_tune",
        ),
        part(
            "9ε",
            {RUN, QUESTION},
            ("Transfer against step 8", "Μεταφορά έναντι βήματος 8"),
            (
                "On the same held-out tracks: differences with intervals of the paired bootstrap, learning curves in"
                " one plot.",
                "Στα ίδια κρατημένα κομμάτια: διαφορές με διαστήματα από paired bootstrap, καμπύλες μάθησης σε ένα"
                " διάγραμμα.",
            ),
            data=("multitask", "multitask_beat"),
            needs=("8ε", "9δ"),
            uses=tuple(name for name, _ in AXES),
            parameters=(RESAMPLES,),
            values=(
                _spec("transferred/spearman", "Spearman, transferred", "Spearman, με μεταφορά"),
                _spec("scratch/spearman", "Spearman, from scratch as long", "Spearman, από το μηδέν όσο και αυτό"),
                *(
                    _spec(f"{name}/spearman", f"Spearman, {en}", f"Spearman, {el}")
                    for name, (en, el) in _OTHERS.items()
                    if name in MODELS
                ),
                *(
                    _spec(f"vs_{name}/spearman_difference", f"Spearman, less {en}", f"Spearman, μείον {el}")
                    for name, (en, el) in _OTHERS.items()
                ),
            ),
            function="labsteps.steps.s09_compare:compare_with_regression",
        ),
    ),
)
