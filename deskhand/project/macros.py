"""Macros imported `with context` are made once a page, not once for every template and every row that imports them.

They see what the page was given, and nothing that a template sets for itself: what they need of that is an argument.
"""

from typing import Any

from jinja2 import Environment, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context

_PAGE = "_page"


class _Page:
    """What one page was given, and the macros made for it so far, by their template."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given
        self.made: dict[Template, TemplateModule] = {}


class PageTemplate(Template):
    """A template that remembers what its page imports."""

    def new_context(self, *given: Any, **named: Any) -> Context:
        """Return the context of a template; it is a new page's unless it is shared with the one that includes it."""
        context = super().new_context(*given, **named)
        if _PAGE not in context.parent:
            context.parent[_PAGE] = _Page(context.parent)
        return context

    def make_module(self, *given: Any, **named: Any) -> TemplateModule:
        """Return the macros of this template for the page that imports them."""
        page = given[0].get(_PAGE) if given else None
        if not isinstance(page, _Page):
            return super().make_module(*given, **named)
        if self not in page.made:
            page.made[self] = super().make_module(page.given, shared=True)
        return page.made[self]


class PageEnvironment(Environment):
    """An environment of such templates."""

    template_class = PageTemplate
