"""The written report of a session, the check of what it lacks, and the zip to hand in.

``content`` gathers what a session holds into the blocks of `document`; ``typst``, ``latex``, ``markdown`` and ``web``
each write the same blocks down in their own language.  Numbers and pictures come from stored results, never from here.
"""
