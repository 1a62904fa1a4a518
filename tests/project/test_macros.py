"""Macros are made once a page, and know what it was given."""

import pytest
from jinja2 import DictLoader, StrictUndefined, UndefinedError

from deskhand.project.macros import PageEnvironment

IMPORT = '{% from "parts" import greeting with context %}'


def made_of(**templates: str) -> PageEnvironment:
    return PageEnvironment(loader=DictLoader(templates), autoescape=True, undefined=StrictUndefined)


def test_macros_are_made_once_a_page_however_often_they_are_imported() -> None:
    made: list[int] = []
    jinja = made_of(
        page=IMPORT + '{% for _ in range(3) %}{% include "row" %}{% endfor %}',
        row=IMPORT + "{{ greeting() }}",
        parts="{{ note(1) }}{% macro greeting() %}Hello {{ name }}. {% endmacro %}",
    )
    page = jinja.get_template("page")
    shown = [page.render(name=name, note=made.append) for name in ("Ana", "Ben")]
    assert shown == ["Hello Ana. " * 3, "Hello Ben. " * 3]
    assert len(made) == len(shown)


def test_macros_that_import_others_are_made_of_the_same_page() -> None:
    jinja = made_of(
        page='{% from "outer" import twice with context %}{{ twice() }}',
        outer=IMPORT + "{% macro twice() %}{{ greeting() }}{{ greeting() }}{% endmacro %}",
        parts="{% macro greeting() %}<b>{{ name }}</b>{% endmacro %}",
    )
    assert jinja.get_template("page").render(name="A & B") == "<b>A &amp; B</b>" * 2


def test_macros_know_nothing_that_a_template_sets_for_itself() -> None:
    jinja = made_of(
        page='{% set name = "Ana" %}' + IMPORT + "{{ greeting() }}",
        parts="{% macro greeting() %}Hello {{ name }}{% endmacro %}",
    )
    assert jinja.get_template("page").render(name="Ben") == "Hello Ben"
    with pytest.raises(UndefinedError):
        jinja.get_template("page").render()


def test_a_template_that_is_no_page_imports_all_the_same() -> None:
    jinja = made_of(parts="{% macro greeting(name) %}Hello {{ name }}{% endmacro %}")
    assert str(vars(jinja.get_template("parts").module)["greeting"]("Ana")) == "Hello Ana"
