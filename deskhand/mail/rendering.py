"""Mail templates: an environment of their own, because mail is written without a request."""

from functools import cache
from typing import Any

from css_inline import CSSInliner
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from deskhand.core.sizes import file_size
from deskhand.ui.branding import accent_or_default


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("deskhand.mail", "jinja2/mail"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["file_size"] = file_size
    environment.filters["accent"] = accent_or_default
    return environment


@cache
def _inliner() -> CSSInliner:
    # Mail programs drop <style>; what must be right stands on the elements. Media queries stay for those that keep it.
    return CSSInliner(load_remote_stylesheets=False, keep_style_tags=False, keep_at_rules=True)


def render(name: str, context: dict[str, Any]) -> tuple[str, str]:
    """Return the plain text and the HTML, its styles inline, of the mail template `name`."""
    text = _environment().get_template(f"{name}.txt").render(context)
    html = _environment().get_template(f"{name}.html").render(context)
    return text.strip() + "\n", str(_inliner().inline(html))
