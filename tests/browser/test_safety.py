"""What strangers send, in a real browser: no script of theirs runs, nothing is asked of their servers.

Every payload would leave a trace if it ran: `cracked` on the window, a dialog, a request to outside.example, or a
complaint of the browser that it was kept from running, which says that the cleaning let it through.
"""

from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog, FilePayload, Locator, Page, Route, expect

from tests.browser.conftest import PHONE, Browsers, NewPage
from tests.browser.running_desk import RunningDesk
from tests.browser.scenes import Scenes
from tests.browser.visiting import visit

pytestmark = pytest.mark.browser

BEN, CLEO = "ben@desk.example", "cleo@acme.example"
RUN = "top.cracked=1;alert(1)"
OUT = "http://outside.example"
BODIES = {
    "scripts": f"""<script>{RUN}</script><script src="{OUT}/a.js"></script><img src=x onerror="{RUN}">
        <svg onload="{RUN}"><script>{RUN}</script><a xlink:href="javascript:{RUN}"><text y=9>x</text></a></svg>
        <body onload="{RUN}"><details open ontoggle="{RUN}">x</details><input autofocus onfocus="{RUN}">""",
    "links": f"""<a href="javascript:{RUN}">one</a><a href="&#106;ava&#9;script:{RUN}">two</a>
        <a href="data:text/html,<script>{RUN}</script>">three</a><a href="{OUT}/ok" ping="{OUT}/ping">four</a>
        <form action="{OUT}/form"><input name=a><button formaction="javascript:{RUN}">send</button></form>
        <map name=m><area shape=default href="javascript:{RUN}"></map><img usemap=#m>""",
    "frames": f"""<iframe src="{OUT}/frame"></iframe><iframe srcdoc="<script>{RUN}</script>"></iframe>
        <object data="{OUT}/object"></object><embed src="{OUT}/embed"><base href="{OUT}/">
        <meta http-equiv=refresh content="0;url={OUT}/refresh"><link rel=stylesheet href="{OUT}/style.css">
        <link rel=preconnect href="{OUT}"><portal src="{OUT}/portal"></portal>""",
    "pictures": f"""<img src="{OUT}/pixel.gif"><img srcset="{OUT}/2x.png 2x"><picture><source srcset="{OUT}/s.png"><img>
        </picture><video poster="{OUT}/poster.png" src="{OUT}/video"></video><audio src="{OUT}/audio" autoplay></audio>
        <table background="{OUT}/table.png"><tr><td background="{OUT}/cell.png">x</td></tr></table>
        <image src="{OUT}/image.png"><input type=image src="{OUT}/input.png"><bgsound src="{OUT}/sound">""",
    "styles": f"""<style>@import "{OUT}/import.css"; body {{ background: url({OUT}/body.png) }}
        @font-face {{ font-family: f; src: url({OUT}/font.woff) }} p {{ font-family: f; position: fixed; inset: 0 }}
        </style><p style="background:url('{OUT}/inline.png')">x</p><p style="background:u\\72l({OUT}/escaped.png)">x</p>
        <div style="width:expression({RUN});list-style-image:image-set('{OUT}/set.png' 1x)">x</div>""",
    "mutants": f"""<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror={RUN}&gt;">
        </table></math><noscript><p title="</noscript><img src=x onerror={RUN}>"></noscript>
        <svg></p><style><a id="</style><img src=x onerror={RUN}>"></svg><form><math><mtext></form><form><mglyph>
        <style></math><img src onerror={RUN}></style><template><script>{RUN}</script></template>
        <textarea></textarea><img/src/onerror={RUN}><xmp><img src=x onerror={RUN}></xmp><!--[if true]><p>-->""",
}
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RUN}"><script>{RUN}</script></svg>'.encode()
HTML = f"<!doctype html><script>{RUN}</script><img src={OUT}/file.png>".encode()
POLYGLOT = b"GIF89a/*" + bytes(4) + b"*/=1;top.cracked=1;"
FILES = {
    "<img src=x onerror=top.cracked=1>.svg": (SVG, "image", "svg+xml"),
    '"><script>top.cracked=1<script>.html': (HTML, "text", "html"),
    "..\\..\\invoice\u202egnp.html": (HTML, "image", "png"),
    "picture.gif": (POLYGLOT, "image", "gif"),
    "page.xhtml": (HTML, "application", "xhtml+xml"),
}


@dataclass
class Traces:
    """What a page did that it should not have."""

    found: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Note dialogs, and refuse and note whatever the page asks of others."""
        page.on("dialog", self._noted)
        page.context.route(lambda url: urlsplit(url).hostname not in ("127.0.0.1", None), self._refused)

    def _noted(self, dialog: Dialog) -> None:
        self.found.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _refused(self, route: Route) -> None:
        self.found.append(f"request: {route.request.url}")
        route.abort()

    def of(self, page: Page) -> list[str]:
        """Look into every frame, too, and return all that was found."""
        for frame in page.frames:
            frame.wait_for_load_state()
            self.found += [f"ran in {frame.url}" for _ in [0] if frame.evaluate("'cracked' in window")]
            self.found += frame.evaluate(LEFT)
        return self.found


LEFT = """() => [...document.querySelectorAll("*")].flatMap((element) =>
    [...element.attributes].map(({name, value}) => {
        const holdsAddress = ["href", "src", "action", "formaction"].includes(name);
        const isScript = name.startsWith("on") || (holdsAddress && /^\\s*(javascript|data:text)/i.test(value));
        return isScript ? `left: ${element.localName} ${name}` : "";
    }),
).filter(Boolean)"""


def hostile_mail(kind: str) -> bytes:
    """Return a mail that is hostile in its body, subject, sender's name and attachments."""
    mail = EmailMessage()
    mail["From"] = f'"<svg onload={RUN}>{kind}" <mallory.{kind}@acme.example>'
    mail["To"] = "support@desk.example"
    mail["Subject"] = f"<img src=x onerror={RUN}> with {kind}"
    mail["Message-ID"] = f"<hostile.{kind}@acme.example>"
    mail["Date"] = "Wed, 18 Nov 2026 12:00:00 +0000"
    mail.set_content(f"<script>{RUN}</script>")
    mail.add_alternative(f"<html><body><p>Begin of {kind}.</p>{BODIES[kind]}</body></html>", subtype="html")
    for name, (content, main, sub) in FILES.items():
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


def open_everything(page: Page) -> None:
    """Unfold what is folded, and bring every frame into sight, so that it loads."""
    page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
    for frame in page.locator("iframe").all():
        frame.scroll_into_view_if_needed()


def attachments(page: Page) -> Locator:
    """Return the links to attached files."""
    return page.get_by_role("list", name="Attachments").get_by_role("link")


def is_only_saved(page: Page, path: str) -> None:
    """Fail unless the file at this address can do nothing but be saved."""
    for address in (path, f"{path}/inline"):
        headers = page.request.get(address).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        is_picture = headers["content-type"] in {"image/png", "image/gif", "image/jpeg", "image/webp"}
        shown = is_picture and address != path
        assert headers["content-disposition"].startswith("inline" if shown else "attachment")
        assert "text/html" not in headers["content-type"] or not shown


def test_what_does_run_is_noticed(browsers: Browsers) -> None:
    page, traces = browsers.new_page(), Traces()
    traces.watch(page)
    # Those with frames would lead away from the page.
    for kind in BODIES.keys() - {"frames"}:
        traces.found.clear()
        page.set_content(BODIES[kind])
        assert traces.of(page) != [], kind


@pytest.mark.parametrize("kind", BODIES)
def test_a_hostile_mail_does_nothing_in_either_face(desk: RunningDesk, new_page: NewPage, kind: str) -> None:
    traces = Traces()
    agent, client = new_page(signed_in_as=BEN), new_page(signed_in_as=CLEO, size=PHONE)
    for page in (agent, client):
        traces.watch(page)
    visit(agent, "/workspace/inbox")
    desk.deliver(hostile_mail(kind), sender=f"mallory.{kind}@acme.example", recipient="support@desk.example")
    row = agent.get_by_role("link", name=f"with {kind}")
    expect(row).to_be_visible(timeout=30_000)
    number = str(row.get_attribute("href")).split("?")[0].rsplit("/", 1)[-1]
    for page, path in ((agent, f"/workspace/tickets/{number}"), (client, f"/tickets/{number}")):
        visit(page, path)
        expect(page.get_by_role("heading", level=1, name=f"<img src=x onerror={RUN}> with {kind}")).to_be_visible()
        open_everything(page)
        body = page.frame_locator("iframe").first if page.locator("iframe").count() else page
        expect(body.get_by_text(f"Begin of {kind}.")).to_be_visible()
        expect(attachments(page)).to_have_count(len(FILES))
        for link in attachments(page).all():
            is_only_saved(page, str(link.get_attribute("href")))
        assert traces.of(page) == []


def test_hostile_uploads_and_texts_do_nothing_in_either_face(new_page: NewPage, scenes: Scenes) -> None:
    words = f"<script>{RUN}</script><img src=x onerror={RUN}>"
    number = scenes.ticket(f"{words} typed", words)
    traces = Traces()
    client, agent = new_page(signed_in_as=CLEO), new_page(signed_in_as=BEN)
    for page in (client, agent):
        traces.watch(page)
    visit(client, f"/tickets/{number}")
    reply = client.get_by_role("form", name="Your reply")
    reply.locator("input[data-uploads-target=input]").set_input_files(
        [
            FilePayload(name=name, mimeType=f"{main}/{sub}", buffer=content)
            for name, (content, main, sub) in FILES.items()
        ]
    )
    expect(reply.get_by_role("button", name="Remove")).to_have_count(len(FILES))
    expect(reply.get_by_role("progressbar")).to_have_count(0)
    reply.get_by_role("textbox", name="Your reply").fill(words)
    reply.get_by_role("button", name="Send").click()
    expect(attachments(client)).to_have_count(len(FILES))
    scenes.team_message(number, words)
    visit(agent, f"/workspace/tickets/{number}")
    for page in (client, agent):
        expect(page.get_by_text(words, exact=True).first).to_be_visible()
        expect(attachments(page)).to_have_count(len(FILES))
        for link in attachments(page).all():
            is_only_saved(page, str(link.get_attribute("href")))
        assert traces.of(page) == []
