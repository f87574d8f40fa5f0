"""Settings of the workbench: what there are, the files they stand in, and which value counts.

Command line, then environment, then session, then the user's file, then the default.
"""

from workbench.config.resolve import Found, Layer, configured, find

__all__ = ["Found", "Layer", "configured", "find"]
