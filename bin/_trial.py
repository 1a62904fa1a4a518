"""Starts `deskhand up` on a free port, waits for the sign-in page, and stops it: exit 0 when all of it worked."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time

SECONDS = 90


def free_port() -> int:
    """Return a port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int, path: str) -> bool:
    """Tell whether the page is there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main(command: str) -> int:
    """Run the trial with this `deskhand` command."""
    port = free_port()
    environment = {**os.environ, "DESKHAND_PORT": str(port), "DESKHAND_MAIL_DELIVERY": "capture"}
    desk = subprocess.Popen([command, "up"], env=environment)  # noqa: S603 -- our own command
    try:
        deadline = time.monotonic() + SECONDS
        while not answers(port, "/sign-in"):
            if desk.poll() is not None or time.monotonic() > deadline:
                sys.exit("The sign-in page never came.")
            time.sleep(0.2)
    finally:
        desk.send_signal(signal.SIGTERM)
        code = desk.wait(SECONDS)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
