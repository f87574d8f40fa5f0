"""What the lab's steps rest on; a report lists those of the steps that it tells of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

_LIBRARIES: Final = (
    "B. McFee et al., librosa: audio and music signal analysis in Python, 14th Python in Science Conference, 2015.",
    "A. Paszke et al., PyTorch: an imperative style, high-performance deep learning library, NeurIPS 2019.",
    "F. Pedregosa et al., Scikit-learn: machine learning in Python, Journal of Machine Learning Research 12, 2011.",
)
_DATA: Final = (
    "M. Defferrard, K. Benzi, P. Vandergheynst, X. Bresson, FMA: a dataset for music analysis, ISMIR 2017, "
    "arXiv:1612.01840."
)
REFERENCES: Final[Mapping[str, tuple[str, ...]]] = {
    "1": (
        _DATA,
        "S. S. Stevens, J. Volkmann, E. B. Newman, A scale for the measurement of the psychological magnitude pitch, "
        "Journal of the Acoustical Society of America 8, 1937.",
    ),
    "2": ("D. P. W. Ellis, Beat tracking by dynamic programming, Journal of New Music Research 36, 2007.",),
    "3": ("C. Schörkhuber, A. Klapuri, Constant-Q transform toolbox for music processing, SMC 2010.",),
    "5": (
        "S. Hochreiter, J. Schmidhuber, Long short-term memory, Neural Computation 9(8), 1997.",
        "I. Loshchilov, F. Hutter, Decoupled weight decay regularization, ICLR 2019, arXiv:1711.05101.",
    ),
    "6": (
        "B. Efron, R. J. Tibshirani, An introduction to the bootstrap, Chapman & Hall, 1993.",
        "Q. McNemar, Note on the sampling error of the difference between correlated proportions or percentages, "
        "Psychometrika 12, 1947.",
    ),
    "7.1": (
        "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Gradient-based learning applied to document recognition, "
        "Proceedings of the IEEE 86(11), 1998.",
        "S. Ioffe, C. Szegedy, Batch normalization: accelerating deep network training by reducing internal covariate "
        "shift, ICML 2015, arXiv:1502.03167.",
    ),
    "7.2": (
        "Y. Gong, Y.-A. Chung, J. Glass, AST: audio spectrogram transformer, Interspeech 2021, arXiv:2104.01778.",
        "H. Touvron et al., Training data-efficient image transformers and distillation through attention, ICML 2021, "
        "arXiv:2012.12877.",
        "S. Abnar, W. Zuidema, Quantifying attention flow in transformers, ACL 2020, arXiv:2005.00928.",
    ),
    "8": (
        "C. Spearman, The proof and measurement of association between two things, American Journal of Psychology 15, "
        "1904.",
    ),
    "9": (
        "J. Yosinski, J. Clune, Y. Bengio, H. Lipson, How transferable are features in deep neural networks?, "
        "NeurIPS 2014, arXiv:1411.1792.",
    ),
    "10": (
        "Ł. Kaiser et al., One model to learn them all, 2017, arXiv:1706.05137.",
        "A. Kendall, Y. Gal, R. Cipolla, Multi-task learning using uncertainty to weigh losses for scene geometry and "
        "semantics, CVPR 2018, arXiv:1705.07115.",
    ),
    "11": (
        "L. van der Maaten, G. Hinton, Visualizing data using t-SNE, Journal of Machine Learning Research 9, 2008.",
        "L. McInnes, J. Healy, J. Melville, UMAP: uniform manifold approximation and projection for dimension "
        "reduction, 2018, arXiv:1802.03426.",
        "J. Venna, S. Kaski, Neighborhood preservation in nonlinear projection methods: an experimental study, ICANN "
        "2001.",
    ),
}


def references_of(steps: Iterable[str]) -> list[str]:
    """Return the references of these steps and of the libraries behind all of them, each once."""
    told = [reference for step in steps for reference in REFERENCES.get(step, ())]
    return list(dict.fromkeys([*told, *_LIBRARIES]))
