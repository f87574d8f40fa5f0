"""The lab as a library: steps, data, features, models, training, evaluation.

It knows no screen and no session; `workbench` is its user, never the other way round.
"""

__version__ = "0.1.0"
