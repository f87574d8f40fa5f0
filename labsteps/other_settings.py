"""With which settings the models of a comparison were trained, where those are not the defaults of their parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from labsteps.catalogue import catalogue
from labsteps.greek import greek
from labsteps.lab.parameters import MACHINE
from labsteps.results import Result

# What says where a model computes, how often it is trained, and on what it is judged, says nothing of its training.
_NOT_OF_TRAINING = {*(parameter.name for parameter in MACHINE), "seeds", "resamples", "axis", "models"}
_OVERFIT = "overfit_"
_SENTENCE = "Not trained with the default settings: "
_NOTE = "not trained with the default settings: "


def other_settings(trained: Iterable[tuple[str, Mapping[str, object]]]) -> str:
    """Return which of some runs were trained with other than the defaults: ``5γ (epochs 2), 5δ (dropout 0.5)``.

    Parameters
    ----------
    trained
        Of each run its part and what it ran with; a part that comes again is told once, and one that does not train
        not at all.
    """
    found: dict[str, str] = {}
    for part, settings in trained:
        defaults = catalogue().parts[part].defaults()
        if "epochs" in defaults and (own := _differing(settings, defaults)):
            found[part] = f"{part} ({', '.join(own)})"
    return ", ".join(found.values())


def _differing(settings: Mapping[str, object], defaults: Mapping[str, object]) -> list[str]:
    return [
        f"{name} {_plain(settings[name])}"
        for name, default in defaults.items()
        if name not in _NOT_OF_TRAINING and not name.startswith(_OVERFIT) and settings.get(name, default) != default
    ]


def sentence(other: str) -> str:
    """Return what `other_settings` told as a line below a text; empty where it told nothing."""
    return f"\n{_SENTENCE}{other}." if other else ""


def noted(note: str, other: str) -> str:
    """Return the note of a table, with what `other_settings` told."""
    return "; ".join(filter(None, (note, f"{_NOTE}{other}" if other else "")))


def told_by(result: Result) -> str:
    """Return what `other_settings` told an earlier part whose result a later one is computed from."""
    lines = (line for line in result.text.splitlines() if line.startswith(_SENTENCE))
    return next(lines, "").removeprefix(_SENTENCE).removesuffix(".")


def tells(result: Result) -> bool:
    """Return whether a result, in either language, names models that were trained with other settings."""
    beginnings = (_SENTENCE, greek(f"{_SENTENCE}x.").removesuffix("x."))
    return any(line.startswith(beginnings) for line in result.text.splitlines())


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
