"""How evenly something is shared out: Gini, Theil, concentration and agglomeration.

All take arrays of units (townships) on the last axis, with any scenario axes before it, and
give one number a scenario. None is taken for what it is not: an unknown figure makes the
answer unknown (NaN), and so does a total of nothing, which cannot be shared.

>>> import numpy as np
>>> from resalloc.scoring import equity
>>> beds, people = np.array([[200, 150, 50], [120, 200, 80]]), np.array([30, 50, 20])
>>> equity.gini(beds, people).round(4).tolist()
[0.2125, 0.0]
"""

from resalloc.scoring.equity.curves import Lorenz as Lorenz
from resalloc.scoring.equity.curves import concentration_index as concentration_index
from resalloc.scoring.equity.curves import gini as gini
from resalloc.scoring.equity.curves import lorenz as lorenz
from resalloc.scoring.equity.entropy import TheilGroups as TheilGroups
from resalloc.scoring.equity.entropy import theil as theil
from resalloc.scoring.equity.entropy import theil_groups as theil_groups
from resalloc.scoring.equity.quotients import Agglomeration as Agglomeration
from resalloc.scoring.equity.quotients import agglomeration as agglomeration
