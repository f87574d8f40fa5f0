"""Maps of many-dimensional points in two or three dimensions, by t-SNE and UMAP; PCA is `projections.explained`.

Both are seeded and run on one thread, so that a map is the same each time on one machine.

References
----------
van der Maaten and Hinton, "Visualizing data using t-SNE", Journal of Machine Learning Research 9, 2008.
van der Maaten, "Accelerating t-SNE using tree-based algorithms", Journal of Machine Learning Research 15, 2014.
Kobak and Berens, "The art of using t-SNE for single-cell transcriptomics", Nature Communications 10, 2019 (the
start from the principal axes).
Belkina et al., "Automated optimized parameters for t-distributed stochastic neighbor embedding improve visualization
and analysis of large datasets", Nature Communications 10, 2019 (the learning rate).
McInnes, Healy and Melville, "UMAP: uniform manifold approximation and projection for dimension reduction",
arXiv 1802.03426, 2018.
"""

from __future__ import annotations

import warnings

import numpy as np

# t-SNE looks at three times the perplexity neighbours (van der Maaten 2014, section 4.1).
NEIGHBOURS_A_PERPLEXITY = 3
LEAST_POINTS = 5
# Points over the early exaggeration, 12 (Belkina et al. 2019), and over the 4 that scikit-learn's gradient has besides.
POINTS_A_RATE = 48
SLOWEST_RATE = 5.0


def tsne(points: np.ndarray, dimensions: int, perplexity: float, seed: int) -> np.ndarray:
    """Return a t-SNE map, shape (N, dimensions), float64.

    Parameters
    ----------
    points : np.ndarray [shape=(N, D)]
        See `why_no_tsne` for how many there have to be.
    dimensions
        2 or 3.
    perplexity
        Roughly how many neighbours each point keeps close.
    seed
        Seed of the descent.
    """
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    # scikit-learn's own choice never goes below 50, which throws small sets apart, in 3D above all.
    rate = max(len(points) / POINTS_A_RATE, SLOWEST_RATE)
    model = TSNE(dimensions, perplexity=perplexity, learning_rate=rate, init="pca", random_state=seed, n_jobs=1)
    # Sums over threads differ in their last bits with the number of threads, and t-SNE lets such differences grow.
    with threadpool_limits(limits=1):
        return np.asarray(model.fit_transform(np.asarray(points, np.float32)), np.float64)


def umap(points: np.ndarray, dimensions: int, neighbours: int, seed: int) -> np.ndarray:
    """Return a UMAP map, shape (N, dimensions), float64.

    Parameters
    ----------
    points : np.ndarray [shape=(N, D)]
        See `why_no_umap` for how many there have to be.
    dimensions
        2 or 3.
    neighbours
        How many neighbours of each point make up its surroundings.
    seed
        Seed of the descent.
    """
    with warnings.catch_warnings():
        # It warns that it runs on one thread, which is meant, and that it lacks TensorFlow, which it does not need.
        warnings.simplefilter("ignore")
        from umap import UMAP

        model = UMAP(n_components=dimensions, n_neighbors=neighbours, random_state=seed, n_jobs=1)
        return np.asarray(model.fit_transform(np.asarray(points, np.float32)), np.float64)


def why_no_tsne(points: np.ndarray, perplexity: float) -> str:
    """Return why there is no t-SNE map of these points, shape (N, D); empty where there is one."""
    needed = int(NEIGHBOURS_A_PERPLEXITY * perplexity) + 1
    if len(points) < needed:
        return f"perplexity {perplexity:g} needs {needed} tracks, there are {len(points)}"
    return _why_no_map(points)


def why_no_umap(points: np.ndarray, neighbours: int) -> str:
    """Return why there is no UMAP map of these points, shape (N, D); empty where there is one."""
    if len(points) <= neighbours:
        return f"{neighbours} neighbours need {neighbours + 1} tracks, there are {len(points)}"
    return _why_no_map(points)


def _why_no_map(points: np.ndarray) -> str:
    if len(points) < LEAST_POINTS:
        return f"a map of {len(points)} tracks shows nothing; it takes {LEAST_POINTS}"
    if np.ptp(points, axis=0).max() == 0:
        return "all tracks have the same vector"
    return ""


def warm_up() -> None:
    """Make two small UMAP maps, so that numba compiles and stores what it can."""
    points = np.random.default_rng(0).normal(size=(40, 5))
    for dimensions in (2, 3):
        umap(points, dimensions, 5, 0)


if __name__ == "__main__":
    warm_up()
