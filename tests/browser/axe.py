"""Running axe-core on a page."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Colors in the middle of changing would be judged otherwise.
RUN = """async ([tags, within]) => {
    await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
    const result = await axe.run(within || document, {runOnly: {type: 'tag', values: tags}});
    return result.violations.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ')}`);
}"""


def violations(page: Page, *, within: str = "") -> list[str]:
    """Return what axe-core finds wrong on the page as it stands, or only in what the selector `within` matches."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(RUN, [TAGS, within])
    return found
