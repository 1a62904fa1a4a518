"""The table of docs/mail.md names, for every rule of the channel, tests that exist."""

import re
from pathlib import Path

HERE = Path(__file__).parent
PROOF = re.compile(r"`([\w./]+\.py)::(test_\w+)`")


def test_every_rule_names_tests_that_exist() -> None:
    text = (HERE.parent.parent / "docs/mail.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (.+)$", text, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 21))
    for number, row in rows:
        proofs = PROOF.findall(row)
        assert proofs, number
        for path, name in proofs:
            assert f"def {name}(" in (HERE / path).read_text(encoding="utf-8"), (path, name)
