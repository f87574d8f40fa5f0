"""What a part's report says of another training on the same test tracks: how far apart, and whether by chance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from labsteps.context import Context
from labsteps.evaluation.compare import UNLIKE, Comparison, compare
from labsteps.results import Result, Value
from labsteps.steps.fitting import OUTPUTS_FILE, read_outputs
from labsteps.steps.opening import read_split


def with_comparison(context: Context, result: Result, part: str, resamples: int) -> Result:
    """Add to a report how it differs from the newest finished run of another part on the same test tracks."""
    earlier = context.earlier(part)
    if earlier is None:
        return replace(result, text=f"{result.text}\n{part} has no result yet, so there is nothing to compare with.")
    folder = context.artifact(OUTPUTS_FILE).parent
    try:
        found = compare(read_outputs(folder), read_outputs(earlier.folder), resamples=resamples, seed=context.seed)
    except ValueError as error:
        return replace(result, text=f"{result.text}\nNot comparable with {part} (run {earlier.run_id}): {error}.")
    alike = same_training(folder, earlier.folder)
    return replace(
        result,
        values={**result.values, **comparison_values(f"vs_{part}", found, alike=alike)},
        text=f"{result.text}\n{comparison_sentence(found, f'{part} (run {earlier.run_id})', alike=alike)}",
    )


def same_training(first: Path, second: Path) -> bool:
    """Tell whether two finished trainings learnt from the same tracks.

    Raises
    ------
    DataError
        If the record of a training's tracks is missing or damaged.
    """
    heard, other = (frozenset(read_split(folder)["train"]) for folder in (first, second))
    return heard == other


def comparison_values(prefix: str, found: Comparison, *, alike: bool) -> dict[str, Value]:
    """Return the numbers of a comparison under the names ``<prefix>/accuracy_difference`` and so on.

    Parameters
    ----------
    alike
        Whether the two were trained on the same tracks; else there is no p value, for it would be one of models and
        data together.
    """
    return {
        f"{prefix}/accuracy_difference": found.accuracy,
        f"{prefix}/macro_f1_difference": found.macro_f1,
        f"{prefix}/mcnemar_p": Value(found.p) if alike else Value(None, reason=UNLIKE),
    }


def comparison_sentence(found: Comparison, other: str, *, alike: bool) -> str:
    """Say a comparison in words; `other` names the second classifier, `alike` is as in `comparison_values`."""
    chance = "< 0.001" if found.p < 0.001 else f"= {found.p:.3f}"  # no p is 0
    test = f"McNemar's exact p {chance}" if alike else UNLIKE
    return (
        f"Against {other} on the same {found.clips} test tracks: accuracy {_signed(found.accuracy)}, macro-F1 "
        f"{_signed(found.macro_f1)}; {found.only_first} clips are right here alone and {found.only_second} there "
        f"alone ({test})."
    )


def _signed(value: Value) -> str:
    return f"{value.number:+.3f} [{value.low:+.3f} {value.high:+.3f}]"
