"""The checks of bin/lint that are ours."""

import importlib.util
from pathlib import Path
from types import ModuleType

from tests.project.desks import ROOT


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "bin" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LONG_FILE = "x = 1\n" * 501
LONG_FUNCTION = "def long():\n" + "    x = 1\n" * 60


def test_long_files_and_functions_are_refused() -> None:
    sizes = script("_sizes")
    found = sizes.complaints({Path("a.py"): LONG_FILE, Path("b.py"): LONG_FUNCTION, Path("c.css"): LONG_FILE}, {})
    assert found == [
        "a.py has 501 lines (limit 500)",
        "b.py:1 long has 61 lines (limit 60)",
        "c.css has 501 lines (limit 500)",
    ]


def test_a_reason_lets_one_through_and_must_be_needed() -> None:
    sizes = script("_sizes")
    sources = {Path("b.py"): LONG_FUNCTION, Path("c.py"): "x = 1\n"}
    assert sizes.complaints(sources, {"b.py:long": "a table"}) == []
    assert sizes.complaints(sources, {"b.py:long": " "}) == ["b.py:1 long has 61 lines (limit 60)"]
    unneeded = sizes.complaints(sources, {"b.py:long": "a table", "c.py": "was long"})
    assert unneeded == ["c.py: its reason in pyproject.toml is no longer needed"]


def test_folders_of_one_machine_and_registries_are_refused() -> None:
    words = script("_words")
    bad = b"fine\nsee /" + b"work/main and https://registry." + b"npmjs.org/x\n"
    assert words.complaints("a.md", bad) == [
        "a.md:2: names a folder of one machine",
        "a.md:2: names a package registry",
    ]
    assert words.complaints("a.md", b"the client's network/workspace/root folder, src/work/x") == []
