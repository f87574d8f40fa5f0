"""The contents of the catalogue: the lab's steps 0 to 11, in the assignment's order.

Titles and briefs are in English and Greek.  A part without a ``function`` is not built yet; the front ends say so.
"""

from labsteps.lab.cnn import STEP_7_1
from labsteps.lab.genre import STEP_5, STEP_6
from labsteps.lab.multitask import STEP_10
from labsteps.lab.projections import STEP_11
from labsteps.lab.regression import STEP_8
from labsteps.lab.seeing import STEP_0, STEP_1, STEP_2, STEP_3, STEP_4
from labsteps.lab.transfer import STEP_9
from labsteps.lab.transformer import STEP_7_2

STEPS = (
    STEP_0,
    STEP_1,
    STEP_2,
    STEP_3,
    STEP_4,
    STEP_5,
    STEP_6,
    STEP_7_1,
    STEP_7_2,
    STEP_8,
    STEP_9,
    STEP_10,
    STEP_11,
)
