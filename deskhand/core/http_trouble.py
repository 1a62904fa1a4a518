"""What an outgoing call may end in instead of an answer."""


class HttpTrouble(Exception):
    """No whole answer came; the message says why, in words for people."""


class AddressRefused(HttpTrouble):
    """The address may not be called; nothing was sent."""
