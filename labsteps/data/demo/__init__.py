"""A small data set of music that is composed and played by code, in the layout of the real one.

From the outside in: `plan` says which tracks there are, `composition` decides a piece (by `styles` and
`vocabulary`), `score` writes its notes, `rendering` plays them (with `timbres` and `drums`), `affect` rates it,
and `making` does this for every track in several processes.
"""

from labsteps.data.demo.making import build

__all__ = ["build"]
