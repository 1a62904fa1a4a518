"""Interfaces may look nothing up that they have not first narrowed to what the viewer may see."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "deskhand"
INTERFACES = ["web", "portal", "workspace", "api"]
SCOPED = {"Ticket", "Client", "Contact"}
REACHED_THROUGH_A_TICKET = {"Message", "Attachment", "File", "TeamMessage", "TeamAttachment", "TicketNote"}


def sources() -> list[Path]:
    return [path for name in INTERFACES for path in sorted((PACKAGE / name).rglob("*.py"))]


def managers_used(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """Yield (model, first method called on its manager, line) for every `Model.objects…`."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)):
            continue
        manager = node.value
        if manager.attr == "objects" and isinstance(manager.value, ast.Name):
            yield manager.value.id, node.attr, node.lineno


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_lookup_begins_with_what_the_viewer_may_see(path: Path) -> None:
    for model, method, line in managers_used(ast.parse(path.read_text())):
        if model in SCOPED:
            allowed = {"visible_to", "none"} | ({"select_related"} if path.name == "viewers.py" else set())
            assert method in allowed, f"{path.name}:{line}: {model}.objects.{method}"
        assert model not in REACHED_THROUGH_A_TICKET, f"{path.name}:{line}: reach {model} through its ticket"


def test_the_rule_finds_an_unscoped_lookup() -> None:
    found = list(managers_used(ast.parse("Ticket.objects.filter(pk=1)")))
    assert found == [("Ticket", "filter", 1)]
