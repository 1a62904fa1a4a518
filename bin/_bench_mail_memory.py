"""What a mail of 25 MB takes of memory on its whole way, and how long hostile ones take to read.

Of this process, which stores and judges as a worker does, and of the process that reads for it.
"""

import gc
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from bin._bench_mail_in import SUPPORT, prepare
from bin._desk import opened

SENDER = "person1@client1.example"
HEAD = (
    f"From: {SENDER}\r\nTo: {SUPPORT}\r\nDate: Wed, 18 Nov 2026 12:00:00 +0000\r\nMessage-ID: <%s@client1.example>\r\n"
)


def one_file() -> bytes:
    """Return a mail with one large file."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = SENDER, SUPPORT, "<file@client1.example>"
    mail.set_content("See the file.")
    mail.add_attachment(os.urandom(18_200_000), maintype="application", subtype="octet-stream", filename="large.bin")
    return mail.as_bytes()


def of_text(kind: str, line: str) -> bytes:
    """Return a mail of nothing but such lines."""
    head = (HEAD % kind) + f"Content-Type: text/{kind}; charset=utf-8\r\n\r\n"
    return head.encode() + line.encode() * (24_600_000 // len(line.encode()))


def many_recipients() -> bytes:
    """Return a mail to 20,000 people."""
    people = ",\r\n ".join(f"N {n} <n{n}@many.example>" for n in range(20_000))
    return f"{HEAD % 'many'}Cc: {people}\r\n\r\nHello.\r\n".encode()


def deep() -> bytes:
    """Return a mail of 100,000 elements within each other."""
    nested = "<div>" * 100_000 + "Hello." + "</div>" * 100_000
    return f"{HEAD % 'deep'}Content-Type: text/html\r\n\r\n{nested}".encode()


MAILS: dict[str, Callable[[], bytes]] = {
    "one file": one_file,
    "all text": lambda: of_text("plain", "Many words, and now and then an ümlaut, to the end of the line.\r\n"),
    "all HTML": lambda: of_text("html", "<p>Many <b>words</b> to the end of the line.</p>\r\n"),
    "20,000 recipients": many_recipients,
    "100,000 nested divs": deep,
}


def memory(name: str, process: str = "self") -> float:
    """Return VmRSS (now) or VmHWM (the most since it was last set back) of a process in MB; 0 when it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


@contextmanager
def watched(name: str, what: str) -> Iterator[None]:
    """Print how much memory this process had at most while the block ran, its reader, and the processor time here."""
    gc.collect()
    before = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    began = time.process_time()
    with reader_watched() as most:
        yield
    seconds = time.process_time() - began
    reader = f", its reader {max(most):3.0f} MB" if any(most) else ""
    here = f"{before:4.0f} MB before, {memory('VmHWM'):4.0f} MB at most"
    print(f"{name:20} {what:8} {here}{reader}, {seconds:.2f} s of CPU")


@contextmanager
def reader_watched() -> Iterator[list[float]]:
    """Look every few milliseconds how much memory the reading process had at most, until the block ends."""
    seen, is_over = [0.0], threading.Event()

    def look() -> None:
        while not is_over.wait(0.005):
            seen.extend(memory("VmHWM", process) for process in readers())

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        is_over.set()
        looking.join()


def readers() -> list[str]:
    """Return the processes that the thread which judges started: the one that reads, if it runs just now."""
    me = os.getpid()
    return Path(f"/proc/{me}/task/{me}/children").read_text().split()


def measure() -> None:
    """Take each mail in, step by step, and print."""
    from deskhand.mail.actions.processing import process_mail
    from deskhand.mail.actions.receiving import receive
    from deskhand.mail.models import Door
    from deskhand.mail.parsing import parse

    prepare()
    for name, make in MAILS.items():
        raw = make()
        with watched(name, "to parse"):
            parse(raw)
        with watched(name, "to store"):
            mail_id = receive(raw, door=Door.LMTP, at=datetime.now(UTC), envelope_to=[SUPPORT]).pk
        del raw
        with watched(name, "to judge"):
            process_mail(mail_id, now=datetime.now(UTC))


def main() -> None:
    """Measure in a database of its own."""
    with opened():
        from deskhand.mail.reading_apart import reading_apart

        with reading_apart():
            measure()


if __name__ == "__main__":
    main()
