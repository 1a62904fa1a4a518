"""Why a server could not be reached, in words for whoever has to mend it."""

import socket
import ssl

from deskhand.core.text import one_line


def why_unreachable(error: Exception) -> str:
    """Return what went wrong, on one line, without a full stop and the numbers of the operating system.

    Where we know no better words they are the error's own, or its name if it says nothing.
    """
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_NONAME:
        return "there is no server of this name"
    if isinstance(error, ConnectionRefusedError):
        return "nothing answers at this port"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return one_line(f"its certificate is not trusted: {error.verify_message}").rstrip(".")
    # Libraries raise it by hand too, and then it has no reason.
    if isinstance(error, ssl.SSLError) and getattr(error, "reason", "") == "WRONG_VERSION_NUMBER":
        return "it speaks no TLS at this port"
    own_words = (error.strerror if isinstance(error, OSError) else "") or str(error)
    return one_line(own_words).rstrip(".") or type(error).__name__
