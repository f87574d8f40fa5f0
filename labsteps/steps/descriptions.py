"""What a part's parameters make of each network, whatever it is to learn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from labsteps.context import ParameterValue
from labsteps.data.clip_files import MEL
from labsteps.models.saved import Description
from labsteps.steps.genre import FeatureKind

AST_SETTINGS = (
    "fstride",
    "tstride",
    "input_fdim",
    "input_tdim",
    "model_size",
    "imagenet_pretrain",
    "feature_size",
    "patch_out",
)
CHANCES = ("dropout", "patch_out")  # settings of a backbone that leave things out at random in training


def lstm_description(params: Mapping[str, ParameterValue], kind: FeatureKind, outputs: tuple[str, ...]) -> Description:
    """Return the LSTM that the parameters describe; frames that are beats are never averaged."""
    return Description(
        architecture="lstm",
        settings={
            "hidden_size": int(params["hidden_size"]),
            "num_layers": int(params["num_layers"]),
            "bidirectional": bool(params["bidirectional"]),
            "dropout": float(params["dropout"]),
            "pooling": str(params["pooling"]),
            "frame_stride": 1 if kind.beat else int(params["frame_stride"]),
        },
        dropout=float(params["dropout"]),
        features=kind.name.removeprefix("beat "),
        beat=kind.beat,
        rows=(kind.rows.start, kind.rows.stop),
        outputs=outputs,
    )


def cnn_description(params: Mapping[str, ParameterValue], outputs: tuple[str, ...]) -> Description:
    """Return the CNN on mel spectrograms that the parameters describe."""
    return Description(
        architecture="cnn",
        settings={"channels": int(params["channels"]), "kernel_size": int(params["kernel_size"])},
        dropout=float(params["dropout"]),
        features="mel",
        beat=False,
        rows=(MEL.start, MEL.stop),
        outputs=outputs,
    )


def ast_description(params: Mapping[str, ParameterValue], outputs: tuple[str, ...]) -> Description:
    """Return what a part's parameters make of the AST."""
    return Description(
        architecture="ast",
        settings={name: params[name] for name in AST_SETTINGS},
        dropout=float(params["dropout"]),
        features="mel",
        beat=False,
        rows=(MEL.start, MEL.stop),
        outputs=outputs,
    )


def without_chance(description: Description) -> Description:
    """Return the same network with nothing left out at random, for learning a few batches by heart."""
    settings = {**description.settings, **{name: 0.0 for name in CHANCES if name in description.settings}}
    return replace(description, settings=settings, dropout=0.0)
