"""Looking at an installation part by part, as `deskhand check` shows it.

Each part returns a finding and never raises; the parts need Django loaded, except `Finding` itself.
"""

import shutil
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

OLDEST_POSTGRES = 15
LEAST_FREE_BYTES = 1024**3
LARGEST_CLOCK_DIFFERENCE = timedelta(seconds=5)
WORKER_SILENCE = timedelta(seconds=60)
CONNECT_SECONDS = 5.0


@dataclass(frozen=True)
class Finding:
    """What was found about one part, and, where it is not well, how to mend it."""

    subject: str
    words: str
    is_well: bool = True
    mend: str = ""


def examine() -> list[Finding]:
    """Return the findings about every part. Needs Django and a database that answers."""
    return [_found(subject, look) for subject, look in PARTS]


def _found(subject: str, look: Callable[[], "str | Trouble"]) -> Finding:
    try:
        result = look()
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is the finding
        result = Trouble((str(error).splitlines() or [type(error).__name__])[0], "Mend what stands above first.")
    if isinstance(result, Trouble):
        return Finding(subject, result.words, is_well=False, mend=result.mend)
    return Finding(subject, result)


@dataclass(frozen=True)
class Trouble:
    """What is wrong and how to mend it."""

    words: str
    mend: str


def _database() -> str | Trouble:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('server_version_num')")
        version, number = cursor.fetchone()
    if int(number) // 10000 < OLDEST_POSTGRES:
        return Trouble(f"PostgreSQL {version}", f"Deskhand needs PostgreSQL {OLDEST_POSTGRES} or later.")
    return f"PostgreSQL {version}"


def _migrations() -> str | Trouble:
    missing = missing_migrations()
    if missing:
        return Trouble(f"{missing} are missing", "Run `deskhand migrate`; `deskhand up` does so too.")
    return "all applied"


def missing_migrations() -> int:
    """Return how many migrations of this release the database lacks."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _storage() -> str | Trouble:
    from django.conf import settings
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    name = default_storage.save("check/probe", ContentFile(b"probe"))
    default_storage.delete(name)
    if not settings.HOME.exists():
        return "writable"
    free = shutil.disk_usage(settings.HOME).free
    if free < LEAST_FREE_BYTES:
        return Trouble(f"only {free // 1024**2} MB free in {settings.HOME}", "Make room on that disk.")
    return f"writable, {free // 1024**3} GB free"


def _temporary_folder() -> str:
    with tempfile.TemporaryFile() as file:
        file.write(b"probe")
    return f"{tempfile.gettempdir()} is writable"


def _outgoing_mail() -> str | Trouble:
    from django.conf import settings

    if settings.MAIL_DELIVERY == "capture":
        return "captured in the mail log, never sent (DESKHAND_MAIL_DELIVERY=capture)"
    place = f"{settings.SMTP_HOST}:{settings.SMTP_PORT}"
    try:
        with socket.create_connection((settings.SMTP_HOST, settings.SMTP_PORT), CONNECT_SECONDS) as server:
            if settings.SMTP_SECURITY == "tls":
                return f"{place} takes connections"
            greeting = _say(server, None)
            answer = _say(server, f"EHLO {settings.MAIL_DOMAIN}\r\n")
    except OSError as error:
        return Trouble(f"{place} does not answer ({error})", "Set SMTP_HOST and SMTP_PORT to your mail server.")
    if not greeting.startswith("220") or not answer.startswith("250"):
        return Trouble(f"{place} answers {(answer or greeting).strip()!r}", "Is that an SMTP server?")
    if settings.SMTP_SECURITY == "starttls" and "STARTTLS" not in answer.upper():
        return Trouble(f"{place} offers no STARTTLS", "Set SMTP_SECURITY to tls or none, or change SMTP_PORT.")
    return f"{place} answers"


def _say(server: socket.socket, line: str | None) -> str:
    """Send a line, if any, and return the server's whole answer (RFC 5321 §4.2.1: last line `250 `)."""
    if line is not None:
        server.sendall(line.encode("ascii"))
    answer = b""
    while not answer.endswith(b"\n") or answer.rstrip(b"\r\n").rpartition(b"\n")[2][3:4] == b"-":
        received = server.recv(4096)
        if not received:
            break
        answer += received
    return answer.decode("ascii", "replace")


def _incoming_mail() -> str | Trouble:
    from deskhand.project import env

    host, port = env.LMTP_HOST.read(), env.LMTP_PORT.read()
    if not port:
        return "the LMTP door is shut (DESKHAND_LMTP_PORT is 0)"
    try:
        with socket.create_connection((host, port), CONNECT_SECONDS) as server:
            greeting = _say(server, None)
    except OSError as error:
        return Trouble(f"nothing answers on LMTP {host}:{port} ({error})", "Start `deskhand up` or `deskhand worker`.")
    return f"LMTP on {host}:{port} answers" if greeting.startswith("220") else Trouble(
        f"{host}:{port} answers {greeting.strip()!r}", "Another program has that port: set DESKHAND_LMTP_PORT."
    )  # fmt: skip


def _clock() -> str | Trouble:
    from django.db import connection

    with connection.cursor() as cursor:
        before = datetime.now(UTC)
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    difference = abs(theirs - before)
    if difference > LARGEST_CLOCK_DIFFERENCE:
        return Trouble(f"{difference.total_seconds():.0f} s off the database's", "Keep both machines' time with NTP.")
    return "agrees with the database's"


def _front_end() -> str | Trouble:
    from deskhand.ui.assets import FrontEndNotBuilt, built

    try:
        built("manifest.json")
    except FrontEndNotBuilt:
        return Trouble("not built", "Run bin/demo or bin/dev once, or install the wheel, which has it.")
    return "built"


def _worker() -> str | Trouble:
    from procrastinate.contrib.django.models import ProcrastinateWorker

    newest = ProcrastinateWorker.objects.order_by("-last_heartbeat").first()
    if newest is None or datetime.now(UTC) - newest.last_heartbeat > WORKER_SILENCE:
        return Trouble("none is alive", "Start `deskhand up`, or `deskhand worker` beside `deskhand web`.")
    return "alive"


def _failed_jobs() -> str | Trouble:
    from procrastinate.contrib.django.models import ProcrastinateJob

    failed = ProcrastinateJob.objects.filter(status="failed").count()
    if failed:
        return Trouble(f"{failed} failed for good", "Their errors are in the worker's log.")
    return "none failed"


PARTS: tuple[tuple[str, Callable[[], str | Trouble]], ...] = (
    ("Database", _database),
    ("Migrations", _migrations),
    ("Storage", _storage),
    ("Temporary files", _temporary_folder),
    ("Mail out", _outgoing_mail),
    ("Mail in", _incoming_mail),
    ("Clock", _clock),
    ("Front end", _front_end),
    ("Worker", _worker),
    ("Jobs", _failed_jobs),
)
