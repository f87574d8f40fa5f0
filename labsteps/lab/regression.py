"""Step 8: emotion by regression."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from labsteps.catalogue import Step, ValueSpec
from labsteps.context import ParameterValue
from labsteps.lab.making import RUN, VIEW, part
from labsteps.lab.parameters import (
    CNN,
    HELD_OUT,
    LSTM,
    MACHINE,
    RAW_FRAMES,
    REGRESSION,
    RESAMPLES,
    SEEDS,
    TRAINING,
    features_parameter,
)
from labsteps.lab.transformer import AST
from labsteps.parameter import Parameter
from labsteps.text import Text

AXES = (("8β", "valence"), ("8γ", "energy"), ("8δ", "danceability"))
# In the order of `labsteps.steps.affect_models.NETWORKS`.
MODELS = {"lstm": "LSTM", "cnn": "CNN", "ast": "AST"}
RATES = {"lstm": 1.0, "cnn": 1.0, "ast": 0.2}
BASELINES = {"ridge": ("ridge regression", "παλινδρόμηση ridge"), "constant": ("constant", "σταθερή πρόβλεψη")}


def own(model: str, parameters: Iterable[Parameter]) -> tuple[Parameter, ...]:
    """Return parameters of one network under its name: ``cnn_channels``."""
    title = MODELS[model]
    return tuple(
        replace(p, name=f"{model}_{p.name}", help=Text(f"{title}: {p.help.en}", f"{title}: {p.help.el}"))
        for p in parameters
    )


def _with(parameters: Iterable[Parameter], **defaults: ParameterValue) -> tuple[Parameter, ...]:
    """Return parameters with other defaults: fewer tracks have emotion values than genres, and each is heard often."""
    return tuple(replace(p, default=defaults.get(p.name, p.default)) for p in parameters)


def _instead(model: str) -> tuple[Parameter, ...]:
    """Return how the training of a network differs from the common one."""
    return own(
        model,
        (
            Parameter(
                "epochs",
                0,
                Text("epochs in place of the common ones; 0 = those", "εποχές αντί για τις κοινές· 0 = οι κοινές"),
                0,
                10_000,
            ),
            Parameter(
                "rate",
                RATES[model],
                Text("factor on the common learning rate", "συντελεστής του κοινού ρυθμού μάθησης"),
                0.001,
                1000.0,
            ),
        ),
    )


NETWORK_SETTINGS = (
    *own("lstm", (features_parameter("beat mel"), *(p for p in LSTM if p.name != "clip_norm"), *RAW_FRAMES)),
    *own("cnn", _with(CNN, channels=16)),
    *own("ast", _with(AST, input_tdim=128)),
)
MODELS_PARAMETER = Parameter(
    "models",
    "all",
    Text("which networks: all of them, or one", "ποια δίκτυα: όλα ή ένα"),
    choices=("all", *MODELS),
)
TRAINING_SETTINGS = (
    *_with((p for p in TRAINING if p.name != "subset"), epochs=20, batch_size=8, patience=0),
    Parameter(
        "subset",
        0,
        Text("use only so many training clips; 0 = all", "χρήση μόνο τόσων δειγμάτων εκπαίδευσης· 0 = όλα"),
        0,
        1_000_000,
        unit="clips",
    ),
    *REGRESSION,
    *HELD_OUT,
    *(parameter for model in MODELS for parameter in _instead(model)),
    Parameter("overfit_batches", 3, Text("batches of the overfit check", "batches του ελέγχου υπερεκπαίδευσης"), 1, 16),
    Parameter("overfit_epochs", 200, Text("at most so many passes over them", "το πολύ τόσα περάσματα"), 1, 10_000),
    Parameter(
        "overfit_share",
        0.05,
        Text(
            "the check is passed below this share of the constant prediction's loss",
            "ο έλεγχος πετυχαίνει κάτω από αυτό το μέρος του σφάλματος της σταθερής πρόβλεψης",
        ),
        1e-6,
        1.0,
    ),
)


def _spec(name: str, en: str, el: str, better: str = "higher", digits: int = 3) -> ValueSpec:
    return ValueSpec(name, Text(en, el), "", better, digits)


def held_out_values(prefix: str, title: tuple[str, str], names: Iterable[str]) -> tuple[ValueSpec, ...]:
    """Return what is reported of one model on the held-out tracks, for each axis or mean of `names`."""
    en, el = (f"{text}: " if text else "" for text in title)
    return tuple(
        spec
        for name in names
        for spec in (
            _spec(f"{prefix}held_out/spearman/{name}", f"{en}Spearman, {name}", f"{el}Spearman, {name}"),
            _spec(f"{prefix}held_out/mse/{name}", f"{en}squared error, {name}", f"{el}MSE, {name}", "lower", 4),
            _spec(f"{prefix}held_out/mae/{name}", f"{en}absolute error, {name}", f"{el}MAE, {name}", "lower"),
        )
    )


def seed_values(prefix: str, title: tuple[str, str], names: Iterable[str]) -> tuple[ValueSpec, ...]:
    """Return what several seeds of one model say together, for each axis or mean of `names`."""
    en, el = (f"{text}: " if text else "" for text in title)
    return tuple(
        _spec(
            f"{prefix}seeds/spearman/{name}",
            f"{en}Spearman, {name}, mean of the seeds",
            f"{el}Spearman, {name}, μέσος των seeds",
        )
        for name in names
    )


def _training_values(model: str) -> tuple[ValueSpec, ...]:
    title = MODELS[model]
    return (
        _spec(f"{model}/validation/spearman", f"{title}: validation Spearman", f"{title}: Spearman validation"),
        _spec(f"{model}/validation/loss", f"{title}: validation loss", f"{title}: σφάλμα validation", "lower", 4),
        _spec(f"{model}/best_epoch", f"{title}: best epoch", f"{title}: καλύτερη εποχή", "", 0),
        _spec(f"{model}/epochs_run", f"{title}: epochs run", f"{title}: εποχές που έτρεξαν", "", 0),
        _spec(f"{model}/overfit/loss", f"{title}: loss of the overfit check", f"{title}: σφάλμα ελέγχου", "lower", 5),
        _spec(f"{model}/overfit/target", f"{title}: loss to get below", f"{title}: όριο ελέγχου", "", 5),
        _spec(f"{model}/overfit/passed", f"{title}: check passed (1 = yes)", f"{title}: επιτυχία (1 = ναι)", digits=0),
    )


def _compared(names: Iterable[str]) -> tuple[ValueSpec, ...]:
    names = tuple(names)
    networks = [held_out_values(f"{model}/", (title, title), names) for model, title in MODELS.items()]
    plain = [held_out_values(f"{key}/", title, names) for key, title in BASELINES.items()]
    return tuple(spec for specs in (*networks, *plain) for spec in specs)


STEP_8 = Step(
    "8",
    Text("Emotion by regression", "Συναίσθημα με παλινδρόμηση"),
    (
        part(
            "8α",
            {VIEW},
            ("Models with a regression head", "Μοντέλα με κεφαλή παλινδρόμησης"),
            (
                "The same networks with another head and loss: shapes, parameters, every loss worked out on four"
                " tracks, and what changes against classification.",
                "Τα ίδια δίκτυα με άλλη κεφαλή και κόστος: σχήματα, παράμετροι, κάθε κόστος υπολογισμένο σε τέσσερα"
                " κομμάτια, και τι αλλάζει σε σχέση με την ταξινόμηση.",
            ),
            data=("multitask", "multitask_beat"),
            parameters=(
                Parameter("axis", "valence", Text("axis of the example", "άξονας του παραδείγματος")),
                *NETWORK_SETTINGS,
                *HELD_OUT,
            ),
            values=tuple(
                _spec(f"{model}/{name}", f"{title}: {en}", f"{title}: {el}", "", 0)
                for model, title in MODELS.items()
                for name, en, el in (
                    ("parameters", "parameters", "παράμετροι"),
                    ("head_parameters", "parameters of the head", "παράμετροι της κεφαλής"),
                )
            ),
            function="labsteps.steps.s08_heads:show_models",
        ),
        *(
            part(
                part_id,
                {RUN},
                (f"{axis.capitalize()} with three models", f"{axis.capitalize()} με τρία μοντέλα"),
                (
                    f"LSTM, CNN and AST trained to predict {axis}, each after an overfit check; on the held-out"
                    " tracks beside a constant and a ridge regression.",
                    f"LSTM, CNN και AST για την πρόβλεψη του {axis}, το καθένα μετά από έλεγχο υπερεκπαίδευσης· στα"
                    " κρατημένα κομμάτια δίπλα σε σταθερή πρόβλεψη και παλινδρόμηση ridge.",
                ),
                data=("multitask", "multitask_beat"),
                parameters=(
                    Parameter(
                        "axis", axis, Text("axis that is learnt, by its name in the index", "άξονας, από το index")
                    ),
                    MODELS_PARAMETER,
                    *TRAINING_SETTINGS,
                    *NETWORK_SETTINGS,
                    SEEDS,
                    *MACHINE,
                    RESAMPLES,
                ),
                values=(
                    *held_out_values("", ("", ""), (axis,)),
                    *_compared((axis,)),
                    *(spec for model in MODELS for spec in _training_values(model)),
                    *(
                        spec
                        for model, title in MODELS.items()
                        for spec in seed_values(f"{model}/", (title, title), (axis,))
                    ),
                ),
                function="labsteps.steps.s08_emotion:train_models",
            )
            for part_id, axis in AXES
        ),
        part(
            "8ε",
            {RUN},
            ("Mean Spearman on held-out tracks", "Μέσο Spearman σε κρατημένα κομμάτια"),
            (
                "The same held-out tracks for every model and axis, baselines beside them, Kaggle predictions.",
                "Τα ίδια κρατημένα κομμάτια για κάθε μοντέλο και άξονα, με μεθόδους αναφοράς και αρχείο Kaggle.",
            ),
            data=("multitask", "multitask_beat"),
            needs=("8β", "8γ", "8δ"),
            parameters=(
                Parameter(
                    "kaggle_model",
                    "best",
                    Text(
                        "whose predictions go into the Kaggle file; best = highest mean Spearman on validation",
                        "ποιου οι προβλέψεις πάνε στο αρχείο Kaggle· best = καλύτερο στο validation",
                    ),
                    choices=("best", *MODELS),
                ),
                RESAMPLES,
            ),
            values=(
                *held_out_values("", ("", ""), ("mean", *(axis for _, axis in AXES))),
                *_compared(("mean", *(axis for _, axis in AXES))),
                *(
                    _spec(f"{model}/validation/spearman", f"{title}: validation Spearman, mean", f"{title}: validation")
                    for model, title in MODELS.items()
                ),
                _spec("kaggle/tracks", "tracks in the Kaggle file", "κομμάτια στο αρχείο Kaggle", "", 0),
            ),
            function="labsteps.steps.s08_emotion:mean_spearman",
        ),
    ),
)
