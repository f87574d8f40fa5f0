"""Which clips train, validate or are held out: by id, label and seed, and by nothing else."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labsteps.data.splits import held_out_split, stratified_split, subset
from labsteps.errors import ParameterError

CLIPS = st.dictionaries(st.integers(0, 2**62), st.sampled_from("abcd"), min_size=1, max_size=60)
FRACTION = st.floats(0.05, 0.95)
SEED = st.integers(0, 2**32)
FROZEN = [2, 6, 10, 15, 17]  # sessions hold results on these very clips


@settings(deadline=None, max_examples=80)
@given(CLIPS, FRACTION, SEED)
def test_both_parts_together_are_everything_and_each_class_is_in_both(
    clips: dict[int, str], fraction: float, seed: int
) -> None:
    ids, labels = list(clips), list(clips.values())
    parts = stratified_split(ids, labels, fraction=fraction, seed=seed)
    assert sorted([*parts.kept, *parts.taken]) == list(range(len(ids)))
    sizes, taken = Counter(labels), Counter(labels[i] for i in parts.taken)
    for name, size in sizes.items():
        low, high = (1, size - 1) if size > 1 else (0, 0)
        assert low <= taken[name] <= high
        assert abs(taken[name] - fraction * size) <= 2.0 or size <= 3
    single = sorted(name for name, size in sizes.items() if size == 1)
    assert bool(parts.warnings) == bool(single)
    assert all(name in parts.warnings[0] for name in single)


@settings(deadline=None, max_examples=40)
@given(CLIPS, FRACTION, SEED, st.randoms(use_true_random=False))
def test_the_order_of_the_clips_does_not_matter(clips: dict[int, str], fraction: float, seed: int, random) -> None:  # type: ignore[no-untyped-def]
    rows = list(clips.items())
    mixed = random.sample(rows, len(rows))
    results = []
    for order in (rows, mixed):
        ids = np.array([clip for clip, _ in order])
        parts = stratified_split(ids, [label for _, label in order], fraction=fraction, seed=seed)
        some = subset(ids, [label for _, label in order], parts.kept, n=5, seed=seed)
        results.append([ids[positions].tolist() for positions in (parts.kept, parts.taken, some)])
    assert results[0] == results[1]


def test_the_fraction_holds_for_the_whole_and_for_each_class() -> None:
    labels = ["Rock"] * 415 + ["Jazz"] * 160 + ["Trip-Hop"] * 137
    parts = stratified_split(range(712), labels, fraction=0.2, seed=1)
    assert len(parts.taken) == round(0.2 * 712)
    assert Counter(labels[i] for i in parts.taken) == {"Rock": 83, "Jazz": 32, "Trip-Hop": 27}


def test_a_split_is_that_of_its_seed_for_ever() -> None:
    taken = stratified_split(range(100, 120), ["a", "b"] * 10, fraction=0.25, seed=7).taken
    assert taken.tolist() == FROZEN
    assert stratified_split(range(100, 120), ["a", "b"] * 10, fraction=0.25, seed=8).taken.tolist() != FROZEN


def test_another_purpose_gives_an_independent_split() -> None:
    one, other = (
        set(stratified_split(range(400), [0] * 400, fraction=0.5, seed=0, purpose=purpose).taken.tolist())
        for purpose in ("validation", "held out")
    )
    assert 70 < len(one & other) < 130


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 80), FRACTION, SEED)
def test_held_out_tracks_are_the_asked_for_part_in_any_order(n: int, fraction: float, seed: int) -> None:
    rng = np.random.default_rng(n)
    ids, values = rng.permutation(1000)[:n], rng.uniform(size=(n, 3)).round(1)
    parts = held_out_split(ids, values, fraction=fraction, seed=seed)
    assert sorted([*parts.kept, *parts.taken]) == list(range(n))
    assert abs(len(parts.taken) - fraction * n) <= 1
    order = rng.permutation(n)
    again = held_out_split(ids[order], values[order], fraction=fraction, seed=seed)
    assert ids[order][again.taken].tolist() == ids[parts.taken].tolist()


def test_held_out_tracks_are_spread_over_the_values() -> None:
    values = np.random.default_rng(0).uniform(size=(1000, 3))
    means = values.mean(1)
    for seed in range(5):
        taken = held_out_split(range(1000), values, fraction=0.2, seed=seed).taken
        in_bins = np.histogram(means[taken], np.quantile(means, np.linspace(0, 1, 11)))[0]
        assert in_bins.tolist() == [20] * 10


def test_one_axis_alone_is_refused_so_that_all_axes_share_their_tracks() -> None:
    with pytest.raises(ParameterError, match="all axes"):
        held_out_split([1, 2, 3], [0.1, 0.2, 0.3], fraction=0.5, seed=0)


@settings(deadline=None, max_examples=50)
@given(CLIPS, st.integers(1, 70), SEED)
def test_a_subset_has_the_size_asked_for_and_all_classes_it_has_room_for(
    clips: dict[int, str], n: int, seed: int
) -> None:
    ids, labels = list(clips), list(clips.values())
    allowed = list(range(0, len(ids), 2))
    chosen = subset(ids, labels, allowed, n=n, seed=seed)
    assert len(chosen) == len(set(chosen.tolist())) == min(n, len(allowed))
    assert set(chosen.tolist()) <= set(allowed)
    names = {labels[i] for i in allowed}
    assert n < len(names) or {labels[i] for i in chosen} == names


@pytest.mark.parametrize("fraction", [0.0, 1.0, -0.1, float("nan")])
def test_a_fraction_outside_0_to_1_is_refused(fraction: float) -> None:
    with pytest.raises(ParameterError, match="fraction"):
        stratified_split([1, 2], ["a", "a"], fraction=fraction, seed=0)


def test_ids_that_repeat_or_do_not_match_are_refused() -> None:
    with pytest.raises(ParameterError, match="repeats"):
        stratified_split([1, 1], ["a", "a"], fraction=0.5, seed=0)
    with pytest.raises(ParameterError, match="2 ids"):
        stratified_split([1, 2], ["a"], fraction=0.5, seed=0)
    with pytest.raises(ParameterError, match="empty"):
        subset([1, 2], ["a", "b"], [0, 1], n=0, seed=0)
