"""What goes wrong with the embedded server, in words for the person who started it."""


class EmbeddedServerError(Exception):
    """The embedded PostgreSQL cannot serve; the message says why and what to do."""
