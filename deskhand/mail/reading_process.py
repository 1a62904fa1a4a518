"""`python -m deskhand.mail.reading_process`: reads the mails that its input brings (reading_apart.py), until that ends.

It knows neither database nor files: a mail that makes it hang, die or fill its memory harms nothing else.
"""

import os
import pickle
import resource
import signal
import sys

from deskhand.mail.reading import attempt

MEMORY_LIMIT = 1 << 30


def main() -> None:
    """Answer each list of raw mails by a list of what was read, in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the worker, which then ends the input
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library may print is no answer
    while True:
        try:
            raws = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from the worker that started us
        except EOFError:
            return
        pickle.dump([attempt(raw) for raw in raws], answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    main()
