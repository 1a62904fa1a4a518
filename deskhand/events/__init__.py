"""Facts: what happened, who did it, when, and through which door.

`recording.record()` writes one append-only `Event` and calls the reactions that project/reactions.py lists for it.
Events are the audit log, the ticket's history and the source of feeds and webhooks: the same rows.
Not here: what a fact means (the app that owns the noun says that in its events.py).
"""

from deskhand.events.facts import Act, Actor, Fact, Via

__all__ = ["Act", "Actor", "Fact", "Via"]
