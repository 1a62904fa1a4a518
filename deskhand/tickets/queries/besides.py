"""What apps above tickets have a query of tickets tell as well, by names of their own."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.db.models import Subquery

from deskhand.accounts.models import Agent

Beside = Callable[[Agent], Subquery]
"""For whoever asks. A function of a module, not one made anew: it is part of the shape of a query (`core.shapes`)."""
Besides = tuple[tuple[str, Beside], ...]
NOTHING: Mapping[str, Beside] = MappingProxyType({})
