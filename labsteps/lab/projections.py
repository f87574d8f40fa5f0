"""Step 11: hidden representations."""

from __future__ import annotations

from labsteps.catalogue import Step, ValueSpec
from labsteps.lab.making import QUESTION, RUN, VIEW, part
from labsteps.lab.parameters import RESAMPLES
from labsteps.parameter import Parameter
from labsteps.text import Text

_MODELS = {
    "lstm": ("best of 5", "καλύτερο του 5"),
    "cnn": ("best of 7.1", "καλύτερο του 7.1"),
    "ast": ("best of 7.2", "καλύτερο του 7.2"),
    "worst_lstm": ("worst of 5", "χειρότερο του 5"),
}

SPACE = (
    Parameter(
        "neighbours",
        5,
        Text(
            "nearest tracks that vote for a class and make up a neighbourhood",
            "κοντινότερα κομμάτια που ψηφίζουν την κλάση και ορίζουν τη γειτονιά",
        ),
        minimum=1,
        maximum=500,
        unit="tracks",
    ),
    Parameter(
        "scaling",
        "standardised",
        Text(
            "vectors as they are, or every dimension at mean 0 and deviation 1, so that none counts for its scale",
            "διανύσματα όπως είναι, ή κάθε διάσταση με μέση τιμή 0 και απόκλιση 1, ώστε να μη μετρά η κλίμακά της",
        ),
        choices=("standardised", "as they are"),
    ),
    RESAMPLES,
)
MAPS = (
    Parameter(
        "perplexities",
        "5, 15, 50",
        Text(
            "perplexities of t-SNE, with commas; empty leaves it out",
            "τιμές perplexity του t-SNE, με κόμματα· κενό το παραλείπει",
        ),
    ),
    Parameter(
        "umap_neighbours",
        "5, 15, 50",
        Text(
            "neighbours of UMAP, with commas; empty leaves it out",
            "γείτονες του UMAP, με κόμματα· κενό το παραλείπει",
        ),
    ),
)


def _of_models(specs: dict[str, tuple[str, str, str, int]], models: tuple[str, ...]) -> tuple[ValueSpec, ...]:
    """Return the values of each model: name → English and Greek title, better direction, digits."""
    return tuple(
        ValueSpec(f"{key}/{name}", Text(f"{_MODELS[key][0]}: {en}", f"{_MODELS[key][1]}: {el}"), "", better, digits)
        for key in models
        for name, (en, el, better, digits) in specs.items()
    )


_EXTRACTED = {
    "validation_macro_f1": ("validation macro-F1", "macro-F1 validation", "higher", 3),
    "size": ("numbers in a vector", "διάσταση διανύσματος", "", 0),
    "agreement": ("output as stored, share of tracks", "έξοδος όπως αποθηκεύτηκε, ποσοστό", "higher", 3),
}
_SEPARATION = {
    # The first of a part is its number in the tree: how much of what separates the classes PCA's plane keeps.
    "knn_accuracy_2d": ("k-NN accuracy in 2D", "accuracy k-NN σε 2D", "higher", 3),
    "explained_2d": ("variance in 2D", "διασπορά σε 2D", "", 3),
    "knn_accuracy": ("k-NN accuracy in the latent space", "accuracy k-NN στον κρυφό χώρο", "higher", 3),
    "silhouette": ("silhouette in the latent space", "silhouette στον κρυφό χώρο", "higher", 3),
    "explained_3d": ("variance in 3D", "διασπορά σε 3D", "", 3),
    "knn_accuracy_3d": ("k-NN accuracy in 3D", "accuracy k-NN σε 3D", "higher", 3),
}
_LESS_WORST = tuple(
    ValueSpec(
        f"{key}_less_worst/{name}",
        Text(f"{_MODELS[key][0]} less the worst: {title}", f"{_MODELS[key][1]} μείον το χειρότερο: {title}"),
    )
    for key in ("lstm", "cnn", "ast")
    for name, title in (("knn_accuracy", "k-NN accuracy"), ("silhouette", "silhouette"))
)
_METHOD = {
    "faithful": ("faithfulness in 2D", "πιστότητα σε 2D"),
    "less_pca": ("faithfulness less PCA's", "πιστότητα μείον του PCA"),
    "setting": ("its most faithful setting", "η πιστότερη ρύθμισή του"),
    "trustworthiness": ("trustworthiness", "trustworthiness"),
    "continuity": ("continuity", "continuity"),
    "knn_accuracy": ("k-NN accuracy in 2D", "accuracy k-NN σε 2D"),
    "silhouette": ("silhouette in 2D", "silhouette σε 2D"),
}
_METHODS = tuple(
    ValueSpec(
        f"{key}/{name}",
        Text(f"{title}: {en}", f"{title}: {el}"),
        "",
        "" if name == "setting" else "higher",
        0 if name == "setting" else 3,
    )
    for key, title in (("umap", "UMAP"), ("tsne", "t-SNE"), ("pca", "PCA"))
    for name, (en, el) in _METHOD.items()
    if not (key == "pca" and name in ("less_pca", "setting"))
)

STEP_11 = Step(
    "11",
    Text("Hidden representations", "Κρυφές αναπαραστάσεις"),
    (
        part(
            "11α",
            {RUN},
            ("Vectors before the output layer", "Διανύσματα πριν το επίπεδο εξόδου"),
            (
                "One vector a test track for the best models of 5, 7.1 and 7.2 and for the worst of 5, saved with"
                " labels, and as files for TensorBoard's projector.",
                "Ένα διάνυσμα ανά κομμάτι του test για τα καλύτερα μοντέλα των 5, 7.1, 7.2 και το χειρότερο του 5,"
                " μαζί με τα labels, και αρχεία για τον projector του TensorBoard.",
            ),
            data=("genre", "genre_beat"),
            needs=("6α", "7.1ε", "7.2β"),
            uses=("5γ", "5δ", "5ε", "5ζ", "7.1β"),
            values=(
                *_of_models(_EXTRACTED, tuple(_MODELS)),
                ValueSpec("tracks", Text("test tracks", "κομμάτια του test"), better="", digits=0),
            ),
            function="labsteps.steps.s11_projections:extract_vectors",
        ),
        part(
            "11β",
            {VIEW, QUESTION},
            ("PCA", "PCA"),
            (
                "The vectors of each best model in 2D and 3D, and how well the classes separate, measured.",
                "Τα διανύσματα κάθε καλύτερου μοντέλου σε 2D και 3D, και πόσο διαχωρίζονται οι κλάσεις, με μέτρηση.",
            ),
            needs=("11α",),
            parameters=SPACE,
            values=_of_models(_SEPARATION, ("lstm", "cnn", "ast")),
            function="labsteps.steps.s11_projections:show_pca",
        ),
        part(
            "11γ",
            {VIEW, QUESTION},
            ("The worst model of step 5", "Το χειρότερο μοντέλο του βήματος 5"),
            (
                "The same pictures for it, and how far the best models are from it.",
                "Οι ίδιες εικόνες γι' αυτό, και πόσο απέχουν από αυτό τα καλύτερα μοντέλα.",
            ),
            needs=("11α",),
            parameters=SPACE,
            values=(*_of_models(_SEPARATION, ("worst_lstm",)), *_LESS_WORST),
            function="labsteps.steps.s11_projections:show_worst",
        ),
        part(
            "11δ",
            {RUN, QUESTION},
            ("t-SNE and UMAP", "t-SNE και UMAP"),
            (
                "Several settings side by side with PCA, in 2D and 3D, and which works best here, by number.",
                "Πολλές ρυθμίσεις δίπλα στο PCA, σε 2D και 3D, και ποια μέθοδος είναι καλύτερη εδώ, με αριθμούς.",
            ),
            needs=("11α",),
            parameters=(*MAPS, *SPACE),
            values=_METHODS,
            function="labsteps.steps.s11_maps:compare_methods",
        ),
    ),
)
