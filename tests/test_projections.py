"""How classes separate and how faithful a map is: against cases computed by hand, and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.metrics import silhouette_samples

from labsteps.evaluation import maps, projections
from labsteps.evaluation.projections import distances, draws, mean_value, neighbours_vote, silhouettes
from labsteps.steps.separation import value_of


def line(*places: float) -> np.ndarray:
    return np.array(places, np.float64)[:, None]


def blobs(n: int, classes: int, seed: int = 0, apart: float = 8.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    codes = np.arange(n) % classes
    return apart * np.eye(classes)[codes] + rng.normal(size=(n, classes)), codes


# Silhouettes


def test_silhouettes_are_those_computed_by_hand() -> None:
    scores = silhouettes(distances(line(0, 1, 10, 12)), np.array([0, 0, 1, 1]))
    assert scores == pytest.approx([(11 - 1) / 11, (10 - 1) / 10, (9.5 - 2) / 9.5, (11.5 - 2) / 11.5])


def test_silhouettes_agree_with_scikit_learn() -> None:
    points, codes = blobs(50, 4, apart=1.5)
    assert silhouettes(distances(points), codes) == pytest.approx(silhouette_samples(points, codes), abs=1e-12)


def test_the_only_track_of_a_class_has_no_silhouette_and_does_not_count() -> None:
    scores = silhouettes(distances(line(0, 1, 10, 12, 30)), np.array([0, 0, 1, 1, 2]))
    assert np.isnan(scores[4]) and np.isfinite(scores[:4]).all()
    value = mean_value(scores, draws(5, 100, 0), "")
    assert value.number == pytest.approx(scores[:4].mean())


def test_without_two_classes_or_two_tracks_of_one_there_is_no_silhouette() -> None:
    for codes in (np.zeros(3, int), np.arange(3)):
        scores = {"silhouette": silhouettes(distances(line(0, 1, 2)), codes)}
        value = value_of(scores, "silhouette", draws(3, 100, 0), 1)
        assert value.number is None and value.reason == "it takes two classes, and two tracks in one of them"


def test_tracks_on_one_spot_lie_between_the_classes() -> None:
    assert silhouettes(distances(np.ones((4, 2))), np.array([0, 0, 1, 1])).tolist() == [0.0] * 4


# Neighbours


def test_the_nearest_others_vote_and_no_track_votes_for_itself() -> None:
    apart = distances(line(0, 1, 3, 10, 11, 13))
    codes = np.array([0, 1, 0, 1, 1, 0])
    assert neighbours_vote(apart, codes, 1).tolist() == [1, 0, 1, 1, 1, 1]
    # 0 is asked 1 and 3, 3 is asked 1 and 0: one vote each way, and the nearer one wins.
    assert neighbours_vote(apart, codes, 2)[[0, 2, 3, 4, 5]].tolist() == [1, 1, 1, 1, 1]


def test_votes_are_those_counted_one_by_one() -> None:
    points, codes = blobs(40, 3, apart=1.0)
    apart = distances(points)
    for k in (1, 4, 7):
        expected = []
        for i in range(len(codes)):
            others = sorted((j for j in range(len(codes)) if j != i), key=lambda j: (apart[i, j], j))[:k]
            votes = [codes[j] for j in others]
            expected.append(max(dict.fromkeys(votes), key=votes.count))  # the first of equals is the nearest
        assert neighbours_vote(apart, codes, k).tolist() == expected


@pytest.mark.parametrize("k", [0, 3])
def test_there_have_to_be_enough_neighbours(k: int) -> None:
    with pytest.raises(ValueError, match=f"{k} neighbours among 3 points"):
        neighbours_vote(distances(line(0, 1, 2)), np.array([0, 1, 1]), k)


# Maps


def test_trust_and_continuity_are_those_computed_by_hand() -> None:
    apart, mapped = distances(line(0, 1, 3, 7)), distances(line(0, 1, 3, 2.2))
    trust, continuity = projections.trust_and_continuity(apart, mapped, 1)
    # The map shows the fourth point beside the third, whose third neighbour it is: 2 ranks of the 2 there can be.
    assert trust.tolist() == [1.0, 1.0, 0.0, 1.0]
    # And it moves the second point, the nearest of the third, to its second place: 1 rank.
    assert continuity.tolist() == [1.0, 1.0, 0.5, 1.0]


@pytest.mark.parametrize("k", [1, 5, 19])
def test_trust_agrees_with_scikit_learn_and_continuity_is_it_the_other_way_round(k: int) -> None:
    points, _ = blobs(40, 6, apart=2.0)
    flat = points[:, :2]
    trust, continuity = projections.trust_and_continuity(distances(points), distances(flat), k)
    assert trust.mean() == pytest.approx(trustworthiness(points, flat, n_neighbors=k))
    assert continuity.mean() == pytest.approx(trustworthiness(flat, points, n_neighbors=k))
    same, kept = projections.trust_and_continuity(distances(points), distances(points * 3), k)
    assert (same == 1).all() and (kept == 1).all()


def test_neighbourhoods_of_half_the_tracks_say_nothing() -> None:
    assert projections.why_no_neighbourhood(20, 9) == ""
    assert "10 neighbours are half of the 20 tracks" in projections.why_no_neighbourhood(20, 10)
    with pytest.raises(ValueError, match="half of the 4 tracks"):
        projections.trust_and_continuity(distances(line(0, 1, 2, 3)), distances(line(0, 1, 2, 3)), 2)


def test_variance_along_the_axes_is_that_computed_by_hand() -> None:
    points = np.array([[2.0, 0], [-2, 0], [0, 1], [0, -1]])
    coordinates, parts = projections.explained(points)
    assert parts == pytest.approx([0.8, 0.2])  # 8 and 2 of 10
    assert coordinates == pytest.approx(points)  # axes point to where their largest loading is positive
    assert projections.explained(-points)[0] == pytest.approx(-points)


def test_principal_axes_agree_with_scikit_learn() -> None:
    points, _ = blobs(30, 5)
    coordinates, parts = projections.explained(points)
    model = PCA().fit(points)
    assert parts == pytest.approx(model.explained_variance_ratio_)
    assert np.abs(coordinates) == pytest.approx(np.abs(model.transform(points)), abs=1e-9)


def test_equal_vectors_have_no_variance_to_explain() -> None:
    assert np.isnan(projections.explained(np.ones((4, 3)))[1]).all()


@pytest.mark.parametrize(
    ("points", "codes", "text"),
    [
        (np.ones(3), None, "rows of a matrix"),
        (np.ones((0, 2)), None, "rows of a matrix"),
        (np.array([[np.nan, 1.0]]), None, "finite"),
        (np.ones((2, 2)), np.zeros(3, int), "2 points and class codes"),
    ],
)
def test_what_is_no_set_of_points_is_refused(points: np.ndarray, codes: np.ndarray | None, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        projections.validate(points, codes)


def test_an_interval_is_that_of_drawing_tracks_and_a_difference_is_paired() -> None:
    rng = np.random.default_rng(1)
    a = rng.normal(size=300)
    counts = draws(300, 2000, seed=4)
    value = mean_value(a, counts, "")
    half = 1.96 * a.std() / np.sqrt(300)
    assert (value.low, value.high) == pytest.approx((a.mean() - half, a.mean() + half), abs=0.02)
    paired = mean_value((a + 0.1) - a, counts, "")
    assert (paired.low, paired.high) == pytest.approx((0.1, 0.1))


def test_maps_that_cannot_be_made_have_their_reasons() -> None:
    points, _ = blobs(20, 3)
    assert maps.why_no_tsne(points, 5) == ""
    assert maps.why_no_tsne(points, 30) == "perplexity 30 needs 91 tracks, there are 20"
    assert maps.why_no_umap(points, 19) == ""
    assert maps.why_no_umap(points, 20) == "20 neighbours need 21 tracks, there are 20"
    assert "same vector" in maps.why_no_umap(np.ones((9, 2)), 3)
    assert "shows nothing" in maps.why_no_umap(points[:4], 2)


@pytest.mark.parametrize("dimensions", [2, 3])
def test_tsne_keeps_groups_together_and_repeats_itself(dimensions: int) -> None:
    points, codes = blobs(45, 3)
    mapped = maps.tsne(points, dimensions, 5, seed=1)
    assert mapped.shape == (45, dimensions)
    assert (neighbours_vote(distances(mapped), codes, 3) == codes).all()
    assert np.array_equal(mapped, maps.tsne(points, dimensions, 5, seed=1))


@pytest.mark.slow
def test_umap_keeps_groups_together_and_repeats_itself() -> None:
    points, codes = blobs(45, 3)
    mapped = maps.umap(points, 2, 8, seed=1)
    assert mapped.shape == (45, 2)
    assert (neighbours_vote(distances(mapped), codes, 3) == codes).all()
    assert np.array_equal(mapped, maps.umap(points, 2, 8, seed=1))
    assert maps.umap(points, 3, 8, seed=1).shape == (45, 3)
