"""Step 10: multitask learning."""

from __future__ import annotations

from labsteps.catalogue import Step, ValueSpec
from labsteps.lab.making import QUESTION, RUN, VIEW, part
from labsteps.lab.parameters import MACHINE, RESAMPLES, SEEDS
from labsteps.lab.regression import AXES, MODELS, NETWORK_SETTINGS, TRAINING_SETTINGS, held_out_values, seed_values
from labsteps.parameter import Parameter
from labsteps.text import Text

AXIS_NAMES = tuple(axis for _, axis in AXES)
NAMES = ("mean", *AXIS_NAMES)  # what stands first is what the list of steps shows

WEIGHING = (
    Parameter(
        "weighting",
        "scaled",
        Text(
            "how the losses of the axes are weighed: 1 each, in units of the constant prediction's loss, by hand, or"
            " learnt (homoscedastic uncertainty)",
            "βάρη των κοστών: 1 το καθένα, σε μονάδες του κόστους της σταθερής πρόβλεψης, με το χέρι, ή από μάθηση"
            " (homoscedastic uncertainty)",
        ),
        choices=("equal", "scaled", "manual", "learnt"),
    ),
    Parameter(
        "axis_weights",
        "1,1,1",
        Text(
            "weights of weighting=manual, in the order of the axes in the index",
            "βάρη για weighting=manual, με τη σειρά των αξόνων στο index",
        ),
    ),
)
MODEL = Parameter("model", "cnn", Text("which network of step 8", "ποιο δίκτυο του βήματος 8"), choices=tuple(MODELS))
_CHECKS = ("overfit_batches", "overfit_epochs", "overfit_share")
TOGETHER = (
    MODEL,
    *WEIGHING,
    *(parameter for parameter in TRAINING_SETTINGS if parameter.name not in _CHECKS),
    *NETWORK_SETTINGS,
    SEEDS,
    *MACHINE,
    RESAMPLES,
)
_WORKED = ("loss", "monitor", "held_out_fraction", "held_out_seed", "validation_fraction", "subset")


def _spec(name: str, en: str, el: str, better: str = "higher", digits: int = 3) -> ValueSpec:
    return ValueSpec(name, Text(en, el), "", better, digits)


_MODELS = {
    "equal": ("equal compute", "ίσος υπολογισμός"),
    "third": ("a third of it", "το ένα τρίτο"),
    "own": ("10γ", "10γ"),
    "single": ("step 8", "βήμα 8"),
}

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
                "Logits and targets of the three axes in, the weighted sum of three losses out, worked out on four"
                " tracks for every way of weighing.",
                "Είσοδος logits και targets των τριών αξόνων, έξοδος το σταθμισμένο άθροισμα τριών κοστών, υπολογισμένο"
                " σε τέσσερα κομμάτια για κάθε τρόπο στάθμισης.",
            ),
            data=("multitask", "multitask_beat"),
            parameters=(
                MODEL,
                *WEIGHING,
                *(parameter for parameter in TRAINING_SETTINGS if parameter.name in _WORKED),
                *(parameter for parameter in NETWORK_SETTINGS if parameter.name == "lstm_features"),
            ),
            values=(
                *(_spec(f"loss/{axis}", f"loss, {axis}", f"κόστος, {axis}", "", 4) for axis in AXIS_NAMES),
                *(_spec(f"weight/{axis}", f"weight, {axis}", f"βάρος, {axis}", "", 3) for axis in AXIS_NAMES),
                _spec("loss/total", "weighted sum", "σταθμισμένο άθροισμα", "", 4),
            ),
            function="labsteps.steps.s10_multitask:show_loss",
        ),
        part(
            "10γ",
            {RUN},
            ("One model for three axes", "Ένα μοντέλο για τρεις άξονες"),
            (
                "Trained with the loss of 10β; the loss of every axis and the total over the epochs.",
                "Εκπαίδευση με το κόστος του 10β· το κόστος κάθε άξονα και το συνολικό ανά εποχή.",
            ),
            data=("multitask", "multitask_beat"),
            needs=("10β",),
            parameters=TOGETHER,
            values=(
                *held_out_values("", ("", ""), NAMES),
                *seed_values("", ("", ""), NAMES),
                _spec("validation/spearman", "validation Spearman, mean", "Spearman validation, μέσο"),
                *(
                    _spec(f"validation/spearman/{axis}", f"validation Spearman, {axis}", f"Spearman validation, {axis}")
                    for axis in AXIS_NAMES
                ),
                _spec("validation/loss", "validation loss, weighted sum", "σφάλμα validation, άθροισμα", "lower", 4),
                *(
                    _spec(
                        f"validation/loss/{axis}", f"validation loss, {axis}", f"σφάλμα validation, {axis}", "lower", 4
                    )
                    for axis in AXIS_NAMES
                ),
                _spec("best_epoch", "best epoch", "καλύτερη εποχή", "", 0),
                _spec("epochs_run", "epochs run", "εποχές που έτρεξαν", "", 0),
                _spec("clips_seen", "clips seen in training", "δείγματα που είδε στην εκπαίδευση", "", 0),
            ),
            function="labsteps.steps.s10_multitask:train_together",
        ),
        part(
            "10δ",
            {RUN, QUESTION},
            ("Multitask against step 8", "Πολλαπλά προβλήματα έναντι βήματος 8"),
            (
                "The multitask network at as many clips seen as three networks of step 8 together, and at a third of"
                " them; on the same held-out tracks, with intervals.",
                "Το κοινό δίκτυο με όσα δείγματα είδαν τα τρία δίκτυα του βήματος 8 μαζί, και με το ένα τρίτο τους· στα"
                " ίδια κρατημένα κομμάτια, με διαστήματα.",
            ),
            data=("multitask", "multitask_beat"),
            needs=("8ε", "10γ"),
            uses=tuple(name for name, _ in AXES),
            parameters=(*MACHINE, RESAMPLES),
            values=(
                *(
                    _spec(f"{key}/spearman/{name}", f"{name}, {en}", f"{name}, {el}")
                    for key, (en, el) in _MODELS.items()
                    for name in NAMES
                ),
                *(
                    _spec(f"{key}/difference/{name}", f"{name}, {en} less step 8", f"{name}, {el} μείον βήμα 8")
                    for key, (en, el) in _MODELS.items()
                    if key != "single"
                    for name in NAMES
                ),
                *(
                    _spec(f"{key}/clips_seen", f"clips seen, {en}", f"δείγματα που είδε, {el}", "", 0)
                    for key, (en, el) in _MODELS.items()
                ),
            ),
            function="labsteps.steps.s10_multitask:compare_with_single",
        ),
    ),
)
