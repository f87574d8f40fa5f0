"""Values that the parts report: what they are called, their units, and which direction is better."""

from __future__ import annotations

from labsteps.catalogue import ValueSpec
from labsteps.lab.parameters import FEATURES
from labsteps.text import Text

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
    ValueSpec("above_majority/accuracy", Text("accuracy above majority", "accuracy πάνω από την πολυπληθέστερη")),
    ValueSpec("above_majority/macro_f1", Text("macro-F1 above majority", "macro-F1 πάνω από την πολυπληθέστερη")),
    ValueSpec("validation/accuracy", Text("validation accuracy, best epoch", "accuracy validation, καλύτερη εποχή")),
    ValueSpec("validation/macro_f1", Text("validation macro-F1, best epoch", "macro-F1 validation, καλύτερη εποχή")),
    ValueSpec(
        "validation/loss", Text("validation loss, best epoch", "σφάλμα validation, καλύτερη εποχή"), "nats", "lower"
    ),
    ValueSpec("best_epoch", Text("best epoch", "καλύτερη εποχή"), better="", digits=0),
    ValueSpec("epochs_run", Text("epochs run", "εποχές που έτρεξαν"), better="", digits=0),
)
SEED_VALUES = (
    ValueSpec("seeds/accuracy", Text("accuracy, mean of the seeds", "accuracy, μέσος των seeds")),
    ValueSpec("seeds/macro_f1", Text("macro-F1, mean of the seeds", "macro-F1, μέσος των seeds")),
)


def difference_values(prefix: str, en: str, el: str) -> tuple[ValueSpec, ...]:
    """Return what a paired comparison reports; the texts name what is compared with what."""
    return (
        ValueSpec(f"{prefix}/accuracy_difference", Text(f"accuracy, {en}", f"accuracy, {el}")),
        ValueSpec(f"{prefix}/macro_f1_difference", Text(f"macro-F1, {en}", f"macro-F1, {el}")),
        ValueSpec(f"{prefix}/mcnemar_p", Text(f"McNemar's p, {en}", f"p του McNemar, {el}"), better=""),
    )


def kind_values(prefix: str, en: str, el: str) -> tuple[ValueSpec, ...]:
    """Return what a part that trains on two kinds of frames reports of one of them."""
    told = (*GENRE_VALUES, *SEED_VALUES)
    names = {"test/accuracy", "test/macro_f1", "test/micro_f1", "validation/accuracy", "validation/macro_f1"}
    names |= {"above_majority/accuracy", "above_majority/macro_f1"}
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


_MAJORITIES = {
    "majority": Text("majority class", "πολυπληθέστερη κλάση"),
    "majority_raw": Text("majority class, raw", "πολυπληθέστερη κλάση, αρχικό"),
    "majority_beat": Text("majority class, beat", "πολυπληθέστερη κλάση, ανά beat"),
}


def model_values(scores: dict[str, Text], baselines: dict[str, Text]) -> tuple[ValueSpec, ...]:
    """Return what step 6 reports of each network, and of the classical method beside it: score → its title."""

    def specs(prefix: str, title: Text, named: dict[str, Text]) -> list[ValueSpec]:
        return [
            ValueSpec(
                f"{prefix}{features.replace(' ', '_').replace('+', '_')}/{score}",
                Text(f"{title.en} {features}: {name.en}", f"{title.el} {features}: {name.el}"),
            )
            for features in FEATURES
            for score, name in named.items()
        ]

    return (
        *specs("", Text("LSTM", "LSTM"), scores),
        *specs("classical_", Text("classical", "κλασική"), baselines),
        *(
            ValueSpec(f"{key}/{score}", Text(f"{title.en}: {name.en}", f"{title.el}: {name.el}"))
            for key, title in _MAJORITIES.items()
            for score, name in baselines.items()
            if score != "above_majority"
        ),
    )


MAIN_SCORES = {
    "accuracy": Text("accuracy", "accuracy"),
    "above_majority": Text("accuracy above majority", "accuracy πάνω από την πολυπληθέστερη"),
    "macro_f1": Text("macro-F1", "macro-F1"),
    "micro_f1": Text("micro-F1", "micro-F1"),
}
_AVERAGED = {"precision": "precision", "recall": "recall", "f1": "F1"}
MACRO_SCORES, MICRO_SCORES = (
    {f"{kind}_{score}": Text(title, title) for score, title in _AVERAGED.items()} for kind in ("macro", "micro")
)

TWO_KIND_VALUES = (
    *GENRE_VALUES,
    *kind_values("raw", "raw", "αρχικό"),
    *kind_values("beat", "beat", "ανά beat"),
    *SEED_VALUES,
    *difference_values("raw_vs_beat", "raw less beat", "αρχικό μείον ανά beat"),
)

OVERFIT_VALUES = (
    ValueSpec("train/loss", Text("final training loss", "τελικό σφάλμα εκπαίδευσης"), better="lower", digits=4),
    ValueSpec("train/accuracy", Text("training accuracy", "accuracy εκπαίδευσης")),
    ValueSpec("epochs_run", Text("epochs needed", "εποχές που χρειάστηκαν"), better="lower", digits=0),
    ValueSpec("passed", Text("passed (1 = yes)", "επιτυχία (1 = ναι)"), digits=0),
)
