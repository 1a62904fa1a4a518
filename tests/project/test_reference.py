from pathlib import Path

from deskhand.project.reference import facts, page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference.md"


def test_the_reference_says_what_the_code_says() -> None:
    assert PAGE.read_text() == page(), "run bin/reference"


def test_every_kind_of_event_is_one_facts_alone() -> None:
    kinds = [fact.kind for fact in facts()]
    assert len(kinds) == len(set(kinds))
    assert len(kinds) > 50


def test_every_fact_says_what_happened() -> None:
    assert all((fact.__doc__ or "").strip() for fact in facts())
