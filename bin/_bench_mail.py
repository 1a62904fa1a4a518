"""How well the mail corpus is read, by its own score.py, and how long reading one mail takes."""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

from bin._bench_times import Times, timed
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


def parse_times(mails: list[bytes]) -> Times:
    """Return how long each mail took, the best of three."""
    return Times(min(timed(partial(parse, raw), 3)) for raw in mails)


def main() -> None:
    """Print everything."""
    if not CORPUS.is_dir():
        sys.exit(f"The mail corpus is not here ({CORPUS}); nothing to score.")
    scores()
    names = {row["file"] for row in json.loads((CORPUS / "expected.json").read_text())}
    times = parse_times([(CORPUS / "messages" / name).read_bytes() for name in sorted(names)])
    print(f"== speed\nparse, {len(times)} mails: p50 {times.p50:.2f}, p95 {times.p95:.2f}, slowest {max(times):.1f} ms")


if __name__ == "__main__":
    main()
