"""The map of the product: what follows from what.

Each fact is followed by its reactions, in this order, in the same transaction. What may fail or wait ends in
`_later` and only defers a job.
"""

from collections.abc import Mapping, Sequence

from deskhand.events import Fact
from deskhand.events.recording import Reaction

REACTIONS: Mapping[type[Fact], Sequence[Reaction]] = {}
