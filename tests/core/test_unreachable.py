"""Why a server could not be reached."""

import socket
import ssl

import pytest

from deskhand.core.unreachable import why_unreachable


def _untrusted() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    error.verify_message = "certificate has expired"
    return error


def _of_another() -> ssl.SSLCertVerificationError:
    error = _untrusted()
    error.verify_message = "Hostname mismatch, certificate is not valid for 'mail.example'."
    return error


def _no_tls() -> ssl.SSLError:
    error = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)")
    error.reason = "WRONG_VERSION_NUMBER"
    return error


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "there is no server of this name"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), "Temporary failure in name"),
        (ConnectionRefusedError(111, "Connection refused"), "nothing answers at this port"),
        (TimeoutError("timed out"), "no answer in time"),
        (_untrusted(), "its certificate is not trusted: certificate has expired"),
        (_no_tls(), "it speaks no TLS at this port"),
        (OSError(113, "No route to host"), "No route to host"),
        (ssl.SSLError(1, "the handshake\x00 failed"), "the handshake failed"),
        (EOFError(), "EOFError"),
    ],
)
def test_the_words_tell_what_to_mend_without_numbers(error: Exception, says: str) -> None:
    assert why_unreachable(error).startswith(says)


def test_the_words_end_without_a_full_stop_as_a_sentence_is_made_of_them() -> None:
    assert why_unreachable(_of_another()).endswith("not valid for 'mail.example'")
    assert why_unreachable(OSError(5, "It failed.")) == "It failed"


def test_a_port_that_nobody_listens_at_is_said_to_be_so() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(OSError, match="refused") as caught:
            socket.create_connection(unused.getsockname(), timeout=5)
    assert why_unreachable(caught.value) == "nothing answers at this port"
