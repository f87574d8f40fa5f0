"""The three networks of step 8 as one part's parameters describe them.

A part that trains several networks has one set of training parameters for all of them (``epochs``), and for each
network settings of its own under its name (``cnn_channels``).  A network's own ``cnn_epochs`` stands in for the common
one where it is not 0, and ``cnn_rate`` is a factor on the common learning rate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from labsteps.context import ParameterValue
from labsteps.data.clip_files import MEL
from labsteps.models.saved import Description
from labsteps.steps.descriptions import ast_description, cnn_description, lstm_description
from labsteps.steps.genre import FEATURE_KINDS, FeatureKind

Params = Mapping[str, ParameterValue]
ALL = "all"


@dataclass(frozen=True, slots=True)
class Network:
    """A network of step 8.

    Attributes
    ----------
    title
        As tables write it.
    kind
        What it hears, of its own parameters.
    describe
        What its own parameters make of it, with the names of its outputs.
    """

    title: str
    kind: Callable[[Params], FeatureKind]
    describe: Callable[[Params, tuple[str, ...]], Description]


def _lstm_kind(params: Params) -> FeatureKind:
    return FEATURE_KINDS[str(params["features"])]


def _mel(params: Params) -> FeatureKind:
    return FeatureKind("mel", MEL, False)


NETWORKS: dict[str, Network] = {
    "lstm": Network("LSTM", _lstm_kind, lambda params, axes: lstm_description(params, _lstm_kind(params), axes)),
    "cnn": Network("CNN", _mel, cnn_description),
    "ast": Network("AST", _mel, ast_description),
}


def chosen(params: Params) -> tuple[str, ...]:
    """Return the networks that the parameter ``models`` asks for."""
    wanted = str(params["models"])
    return tuple(NETWORKS) if wanted == ALL else (wanted,)


def own_parameters(params: Params, name: str) -> dict[str, ParameterValue]:
    """Return the parameters of one network under their plain names, the common ones among them."""
    own = {key: value for key, value in params.items() if key.partition("_")[0] not in NETWORKS}
    for key, value in params.items():
        owner, _, plain = key.partition("_")
        if owner == name and key not in (f"{name}_epochs", f"{name}_rate"):
            own[plain] = value
    if "epochs" in params:
        own["epochs"] = params[f"{name}_epochs"] or params["epochs"]
        own["learning_rate"] = float(params["learning_rate"]) * float(params[f"{name}_rate"])
    return own
