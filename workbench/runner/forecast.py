"""How long a part takes, from the course that an earlier run of it took: what is fixed, and epochs × clips × pace.

What is scaled is what is sound to scale: epochs, clips, seeds.  Where anything else that decides what a clip costs is
another, the earlier run tells nothing (`differing`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import fmean, median, quantiles

from labsteps.context import ParameterValue
from workbench.runner.course import Course, Span, Training

Parameters = Mapping[str, ParameterValue]

# What only says how much there is to do.
_SIZES = ("epochs", "subset", "seeds", "validation_fraction", "held_out_fraction", "patience", "overfit_batches")
# What changes the outcome and hardly the time.
_FREE = (
    *("learning_rate", "weight_decay", "dropout", "clip_norm", "target_loss", "loss", "monitor", "source_monitor"),
    *("axis", "weighting", "axis_weights", "held_out_seed", "overfit_share", "digit", "example", "digits_folder"),
    *("checkpoint_seconds", "resamples", "kaggle_model", "scaling", "backbone_rate", "models", "weights"),
)
_FREE_ENDS = ("_epochs", "_rate", "_dropout", "_weights")
_HEADS = ("lstm", "cnn", "ast")
# What a clip costs that is heard and not trained on, of one that is: shorter work, but often the whole clip.
_HEARD = Span(0.1, 0.5, 1.7)
# Seconds of an epoch that do not grow with its clips, at most; and its share of a short one.
_EPOCH_ITSELF, _EPOCH_SHARE = 0.03, 0.5
# Another day, another load: how far the same work is from what it took before.
_DAYS, _FIXED = (0.8, 1.35), (0.75, 1.35)
# How much faster or slower a machine is taken to be than it was, at most.
_FASTEST = (0.2, 5.0)


def differing(parameters: Parameters, had: Parameters, course: Course) -> str:
    """Return the first parameter that decides what a clip costs and in which two runs differ; empty where none does."""
    heads = [head for head in _HEADS if _is_wanted(head, parameters)]
    for name, value in parameters.items():
        head = name.partition("_")[0]
        if name in _SIZES or name in _FREE or name.endswith(_FREE_ENDS) or (head in _HEADS and head not in heads):
            continue
        own = had.get(name, value)
        if own != value and not _computes_alike(name, own, value, course):
            return name
    missing = [head for head in heads if "models" in had and not _is_wanted(head, had)]
    return "models" if missing else ""


def _computes_alike(name: str, had: ParameterValue, value: ParameterValue, course: Course) -> bool:
    """Tell whether a choice that was left to the workbench came out as what is asked for now."""
    if name == "precision" and had == "auto":
        return course.precision == {value}
    if name == "threads" and had == 0:
        return course.threads == {value}
    return False


def _is_wanted(head: str, parameters: Parameters) -> bool:
    """Tell whether a network is among those that a part trains."""
    chosen = parameters.get("models", parameters.get("model", "all"))
    return chosen in ("all", head)


def resized(parameters: Parameters, had: Parameters) -> bool:
    """Tell whether two runs differ in how much there is to do."""
    return any(parameters[name] != had.get(name, parameters[name]) for name in parameters if _is_size(name))


def _is_size(name: str) -> bool:
    return name in _SIZES or name.endswith("_epochs") or name == "models"


def forecast(
    course: Course,
    had: Parameters,
    parameters: Parameters,
    *,
    data: float = 1.0,
    same: bool = False,
    going: Course | None = None,
    live: bool = False,
) -> Span:
    """Return how long a part takes.

    Parameters
    ----------
    course, had
        What an earlier run took, and its parameters.
    parameters
        Those of the run that is to come.
    data
        Clips of its data in the place of one of the earlier run's.
    same
        Whether it is the same work, so that it stops where the earlier run stopped.
    going
        What the run itself has done already, where it is taken up or goes on.
    live
        Whether it goes on, and so has started.
    """
    trainings = list(_trainings(course, had, parameters, data=data, same=same, going=going))
    trained = sum((span for begun, span in trainings if begun is None or not begun.over), Span.exactly(0.0))
    ahead, before = sum(begun is None or not begun.over for begun, _ in trainings), len(course.trainings)
    besides = max(0.0, course.besides - course.start)
    share = ahead / before if before else 1.0
    # The test set and the figures of a training grow with the data, and the rest does not.
    grown = Span(*sorted((min(1.0, data), (1.0 + data) / 2, max(1.0, data))))
    rest = grown * (besides * max(share, 1.0 / max(before, 1)))
    # Of what comes beside the epochs a run that goes on may have done any part.
    fixed = rest.wider(0.0, 1.0) if live else Span.exactly(course.start) + rest
    return trained.wider(*_DAYS) + fixed.wider(*_FIXED)


def to_begin(
    course: Course, had: Parameters, parameters: Parameters, going: Course, *, data: float = 1.0
) -> Span | None:
    """Return how long the trainings take that a run which goes on has not begun; None where it may have other ones.

    Parameters
    ----------
    course, had, parameters, data
        As of `forecast`.
    going
        What the run has done.
    """
    trainings = list(_trainings(course, had, parameters, data=data, same=False, going=going))
    if len(trainings) != going.announced or not set(going.families) <= set(course.families):
        return None
    return sum((span for begun, span in trainings if begun is None), Span.exactly(0.0)).wider(*_DAYS)


def _trainings(
    course: Course, had: Parameters, parameters: Parameters, *, data: float, same: bool, going: Course | None
) -> Iterator[tuple[Training | None, Span]]:
    """Yield every training of a run, where it has begun it, and how long it still takes."""
    told = going.families if going is not None else {}
    speed = _speed(course, had, parameters, told, data)
    for family, trainings in course.families.items():
        if not _is_wanted(family.partition("/")[0], parameters) and family.partition("/")[0] in _HEADS:
            continue
        own = told.get(family, [])
        seen = [one for one in own if len(one.times) > 1]
        pace = _each(seen or trainings, had, parameters, data)
        pace = pace if seen else pace * speed
        epochs = _epochs(trainings, had, parameters, same=same and going is None)
        for at in range(_count(trainings, had, parameters)):
            begun = own[at] if at < len(own) else None
            yield begun, pace * (epochs if begun is None else _rest(epochs, begun))


def _speed(
    course: Course, had: Parameters, parameters: Parameters, told: Mapping[str, list[Training]], data: float
) -> Span:
    """Return what an epoch takes of a run, of what it took of an earlier one, by the trainings that both have had.

    The machine had more or less to do besides then; an end goes half the way back, as that may be so again.
    """
    took = meant = 0.0
    for family, trainings in course.families.items():
        warm = [seconds for one in told.get(family, []) if len(one.times) > 1 for seconds in one.warm]
        took += sum(warm)
        meant += len(warm) * _each(trainings, had, parameters, data).likely
    ratio = min(_FASTEST[1], max(_FASTEST[0], took / meant)) if took and meant else 1.0
    return Span(min(ratio, ratio**0.5), ratio, max(ratio, ratio**0.5))


def whole(course: Course, had: Parameters) -> bool:
    """Tell whether a run that goes on has begun all kinds of trainings that it is to have."""
    families = course.families
    counts = [_seeds(had) if trainings[0].validated else 1 for trainings in families.values()]
    return bool(families) and sum(counts) == (course.announced or 1) and all(one.times for one in course.trainings[-1:])


def _seeds(parameters: Parameters) -> int:
    return int(parameters.get("seeds", 1))


def _count(trainings: list[Training], had: Parameters, parameters: Parameters) -> int:
    """Return how many trainings of a family are to come: one a seed, but for those that the earlier run took over."""
    if not trainings[0].validated:
        return len(trainings)
    return max(1, _seeds(parameters) - max(0, _seeds(had) - len(trainings)))


def _rest(epochs: Span, begun: Training) -> Span:
    """Return the epochs that are to come of a training that had some; it may end at once where it can stop early."""
    low, likely, high = (max(0.0, one - begun.done - begun.inside) for one in (epochs.low, epochs.likely, epochs.high))
    return Span(low, likely, high)


def _asked(training: Training, parameters: Parameters) -> int:
    """Return how many epochs a training is to have by the parameters, else how many it had to have."""
    if not training.validated and "overfit_epochs" in parameters:
        return int(parameters["overfit_epochs"])
    head = training.family.partition("/")[0]
    head = head if head in _HEADS else str(parameters.get("model", ""))
    own = int(parameters.get(f"{head}_epochs", 0))
    return own or int(parameters.get("epochs", 0)) or training.epochs


def _epochs(trainings: list[Training], had: Parameters, parameters: Parameters, *, same: bool) -> Span:
    """Return how many epochs a training has, from those that it had before; it may stop early."""
    first = trainings[0]
    asked, most = _asked(first, parameters), max(1, first.epochs)
    done = median(one.done for one in trainings)
    early = done < most
    if same:
        return Span.exactly(min(done, asked))
    if not first.validated:
        likely = min(done, asked) if early else asked
        return Span(min(asked, likely / 2), likely, min(asked, 3 * likely))
    patience = int(parameters.get("patience", had.get("patience", 0)))
    if not patience or asked <= patience:
        return Span.exactly(asked)
    if early:
        likely = min(asked, done * max(1.0, asked / most) ** 0.5)
        return Span(min(likely, max(patience + 1, 0.6 * done)), likely, asked)
    if asked <= most:
        return Span(max(patience + 1, 0.8 * asked), asked, asked)
    least = min(asked, max(patience + 1, most))
    return Span(least, (least + asked) / 2, asked)


def _each(trainings: list[Training], had: Parameters, parameters: Parameters, data: float) -> Span:
    """Return the seconds of an epoch."""
    times = sorted(seconds for one in trainings for seconds in one.warm)
    if not times:
        return Span.exactly(0.0)
    if len(times) >= 4:
        # Many epochs together part from their mean by less than one does.
        low, _, high = quantiles(times, n=4)
        likely = fmean(times)
        low, high = min(likely, (low + likely) / 2), max(likely, (high + likely) / 2)
    elif len(times) > 1:
        low, likely, high = times[0], median(times), times[-1]
    else:
        # The only epoch also loaded what later ones find there.
        low, likely, high = max(0.3 * times[0], times[0] - 7), max(0.55 * times[0], times[0] - 1.5), times[0]
    seconds = Span(low, likely, high)
    return _scaled(seconds, trainings[-1], had, parameters, data)


def _scaled(seconds: Span, of: Training, had: Parameters, parameters: Parameters, data: float) -> Span:
    """Return the seconds of an epoch with as many clips as the parameters say."""
    if not of.validated:
        batches = int(had.get("overfit_batches", 1)), int(parameters.get("overfit_batches", 1))
        return seconds * (batches[1] / max(1, batches[0]))
    old = of.train, of.validation
    new = _clips(of, had, parameters, data)
    if not old[0] or new == old:
        return seconds
    batch = of.batch_seconds
    if batch is not None and of.batches and old[1] and seconds.likely > 0:
        trained = min(seconds.likely, batch * of.batches)
        heard = seconds.likely - trained
        return seconds * ((trained * new[0] / old[0] + heard * new[1] / old[1]) / seconds.likely)
    low, likely, high = sorted((new[0] + heard * new[1]) / (old[0] + heard * old[1]) for heard in _all(_HEARD))
    itself = min(_EPOCH_ITSELF, _EPOCH_SHARE * seconds.low)
    middle = itself / 3
    return Span((seconds.low - itself) * low + itself, (seconds.likely - middle) * likely + middle, seconds.high * high)


def _all(span: Span) -> tuple[float, float, float]:
    return span.low, span.likely, span.high


def _clips(of: Training, had: Parameters, parameters: Parameters, data: float) -> tuple[float, float]:
    """Return the clips that are trained on and that validate; a subset is of the former alone."""
    share, new_share = (float(one.get("validation_fraction", 0.15)) for one in (had, parameters))
    kept, new_kept = (1.0 - float(one.get("held_out_fraction", 0.0)) for one in (had, parameters))
    subset, new_subset = (int(one.get("subset", 0)) for one in (had, parameters))
    if not of.validation or not share:
        return of.train * data, of.validation * data
    if (share, kept, subset, data) == (new_share, new_kept, new_subset, 1.0):
        return of.train, of.validation
    clips = of.validation / share * new_kept / kept * data
    # Without a subset what was trained on is known better than by the share.
    full = clips * (1 - new_share)
    if not subset and (share, kept) == (new_share, new_kept):
        full = of.train * data
    return (min(full, new_subset) if new_subset else full), clips * new_share
