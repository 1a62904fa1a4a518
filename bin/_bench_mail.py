"""How well the mail corpus is read, by its own score.py, and how long reading one mail takes."""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from deskhand.mail.parsing import parse

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "mail-corpus"
MODES = ("parse", "reply", "reply_html", "forward")


def scores() -> None:
    """Print what score.py says of each of the four functions."""
    for mode in MODES:
        print(f"== {mode}", flush=True)
        subprocess.run(  # noqa: S603 -- the corpus' own script
            [sys.executable, str(CORPUS / "score.py"), f"tests.mail.scoring:{mode}", "--mode", mode],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
            check=True,
        )


def parse_times(mails: list[bytes]) -> list[float]:
    """Return the milliseconds each mail took, the best of three, sorted."""
    times = []
    for raw in mails:
        tries = []
        for _ in range(3):
            began = time.perf_counter()
            parse(raw)
            tries.append(time.perf_counter() - began)
        times.append(min(tries) * 1000)
    return sorted(times)


def main() -> None:
    """Print everything."""
    if not CORPUS.is_dir():
        sys.exit(f"The mail corpus is not here ({CORPUS}); nothing to score.")
    scores()
    names = {row["file"] for row in json.loads((CORPUS / "expected.json").read_text())}
    times = parse_times([(CORPUS / "messages" / name).read_bytes() for name in sorted(names)])
    print(f"== speed\nparse, {len(times)} mails: p50 {statistics.median(times):.2f} ms, ", end="")
    print(f"p95 {times[int(len(times) * 0.95)]:.2f} ms, slowest {times[-1]:.1f} ms")


if __name__ == "__main__":
    main()
