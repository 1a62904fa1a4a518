import pytest

from deskhand.core.text_from_html import text_from_html
from deskhand.mail.parsing import parse
from deskhand.mail.replies_html import newest_reply_html, split_reply_html
from tests.mail.samples import sample

HEADER = "<b>From:</b> Ada &lt;ada@desk.test&gt;<br><b>Sent:</b> Monday 17:02<br><b>Subject:</b> Printer<br>"
SAID = "On Mon, Mar 2, 2026 at 5:02 PM Ada &lt;ada@desk.test&gt; wrote:"
QUOTES = {
    "gmail": f'<div class="gmail_quote">{SAID}<br><blockquote>old</blockquote></div>',
    "outlook.com": f'<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">{HEADER}</div><div>old</div>',
    "outlook.com in a copy": f'<div id="x_divRplyFwdMsg">{HEADER}</div><div>old</div>',
    "outlook": f'<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p>{HEADER}</p></div><p>old</p>',
    "outlook in an unknown language": (
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p>Qo: a@b.test<br>Wa: 2.3.2026<br>Ze: x</p></div>'
        "<p>old</p>"
    ),
    "thunderbird": f'<div class="moz-cite-prefix">{SAID}</div><blockquote type="cite">old</blockquote>',
    "yahoo": f'<div id="yahoo_quoted_123" class="yahoo_quoted"><div>{SAID}</div><div>old</div></div>',
    "apple": f'<div><br><blockquote type="cite"><div>{SAID}</div><div>old</div></blockquote></div>',
    "hotmail": f'<hr id="stopSpelling">{HEADER}old',
    "gmx": '<div name="quote" style="margin:10px"><div>Gesendet: Montag</div>old</div>',
    "spark": f'<div name="messageReplySection"><blockquote>{SAID}<br>old</blockquote></div>',
    "notes": (
        "<table><tr><td><b>Ada &lt;ada@desk.test&gt;</b><p>02/03/2026 17:02</p></td><td><table>"
        "<tr><td>To</td><td>Cleo</td></tr><tr><td>cc</td><td></td></tr><tr><td>Subject</td><td>Hi</td></tr></table>"
        "</td></tr></table>old"
    ),
    "nextcloud": "<p>Ada ada@desk.test &ndash; 2 March 2026 17:02</p><blockquote>old</blockquote>",
    "blockquote behind an attribution": f"<p>{SAID}</p><blockquote>old</blockquote>",
    "no mark at all": f"<p>{SAID}</p><p>old</p>",
    "a class of its own": '<blockquote class="cite">old</blockquote>',
    "a plain text": f"<pre>\n{SAID}\n&gt; old\n</pre>",
    "a plain text in another element": f'<p style="margin:0;white-space:pre-wrap">\n{SAID}\n&gt; old\n</p>',
    "original message": "<p>-----Original Message-----</p><p>old</p>",
}


@pytest.mark.parametrize("program", QUOTES)
def test_takes_out_what_the_mail_program_quoted(program: str) -> None:
    got = newest_reply_html(f"<html><body><div><p>Thank <b>you</b>!</p></div>{QUOTES[program]}</body></html>")
    assert text_from_html(got) == "Thank you!"
    assert "<b>you</b>" in got


def test_takes_out_a_box_for_quotes_whatever_stands_around_it() -> None:
    box = (
        '<div class="gmail_quote"><div>Ada skribis hodiau:</div><blockquote class="gmail_quote">old</blockquote></div>'
    )
    assert text_from_html(newest_reply_html(f"<p>Yes</p>{box}<p>A footer</p>")).split("\n\n") == ["Yes", "A footer"]


def test_reads_a_real_looking_reply() -> None:
    assert text_from_html(newest_reply_html(parse(sample("gmail-reply")).html)) == "It works now, merci — thank you."


def test_keeps_the_answer_below_the_quote() -> None:
    got = newest_reply_html(f"{QUOTES['thunderbird']}<p>Answer</p>")
    assert text_from_html(got) == "Answer"


@pytest.mark.parametrize("attribution", [SAID, SAID.replace("On Mon, Mar 2, 2026", "<b>On 2 Mar 2026</b>")])
def test_parts_the_attribution_from_the_end_of_the_reply_on_its_line(attribution: str) -> None:
    got = newest_reply_html(f"<p>Yes.</p><div>Thank <b>you</b>! {attribution}<br></div><blockquote>old</blockquote>")
    assert text_from_html(got).split("\n\n") == ["Yes.", "Thank you!"]


@pytest.mark.parametrize(
    "element", ["pre", "div style='white-space: pre-wrap'", "span style='white-space:break-spaces'"]
)
def test_reads_the_lines_of_a_plain_text_wrapped_up_in_html(element: str) -> None:
    text = f"Thank\nyou!\n\n{SAID}\n&gt; old\n&gt; older\n\nCleo"
    got = newest_reply_html(f"<div><{element}>{text}</{element.partition(' ')[0]}></div>")
    assert text_from_html(got).split() == ["Thank", "you!", "Cleo"]
    one_line = f"<{element}>x</{element.partition(' ')[0]}><p>On\nMonday\n-----Original Message-----\nit said</p>"
    assert newest_reply_html(one_line) == one_line


@pytest.mark.parametrize("box", ["gmail_quote gmail_quote_container", "protonmail_quote"])
def test_keeps_what_is_answered_within_the_box_of_the_quote(box: str) -> None:
    def asked(text: str) -> str:
        return f'<blockquote class="{box.partition(" ")[0]}">{text}</blockquote>'

    begin = f'<div>Hello,</div><div class="{box}"><div>{SAID}</div>'
    below = newest_reply_html(f"{begin}{asked('old')}<div>Answer</div></div>")
    assert text_from_html(below).split() == ["Hello,", "Answer"]
    between = f"{begin}{asked('One?')}<div>Yes</div>{asked('Two?')}<div>No</div></div>"
    assert newest_reply_html(between) == between
    nested = asked(f'older<div class="{box}">{SAID}{asked("oldest")}</div>below the oldest')
    assert text_from_html(newest_reply_html(f"{begin}{nested}<br></div>")) == "Hello,"


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "<p>Nothing quoted</p>",
        "<blockquote>A saying</blockquote><p>as they say</p>",
        '<blockquote type="cite">One?</blockquote>Yes<blockquote type="cite">Two?</blockquote>No',
        '<div class="gmail_quote">only a quote</div>',
        '<p>I quote:</p><blockquote class="gmail_quote">A saying</blockquote><p>as they say</p>',
        '<p>On <span class="cite">page 12</span> it says so.</p>',
        "<p>It says</p><blockquote>Turn it off <cite class='cite'>p. 4</cite></blockquote><p>and I did.</p>",
        '<p>Bye</p><div style="border-top:2px solid red"><p>Ada<br>T: 030 1<br>M: 0170 1<br>E: a@b.test</p></div>',
        '<p>Bye</p><div style="border-top:2px solid red"><p>T: 030 1<br>M: 0170 1<br>E: a@b.test</p></div>',
        '<p>Ad</p><div style="border-top:2px solid red"><p>Since 2.3.2026<br>T: 1<br>M: 2<br>E: a@b.test</p></div>',
        "<p>Settings<br>&gt; Users<br>&gt; Roles<br>There it hangs.</p>",
        '<div>See:</div><div class="gmail_quote">---------- Forwarded message ---------<br>From: a@b.test</div>',
    ],
)
def test_leaves_the_whole_when_in_doubt(markup: str) -> None:
    assert newest_reply_html(markup) == markup


def test_cuts_at_our_own_marker() -> None:
    got = newest_reply_html("<p>Done</p><p>--- reply above ---</p><p>old</p>", marker="--- reply above ---")
    assert text_from_html(got) == "Done"


@pytest.mark.timeout(30)
@pytest.mark.parametrize("piece", ["<div>", "<blockquote>On 1.1.2026 at 10:00<br>", "<div>x<br>", "<a b='", "<pre>\n"])
def test_reads_hostile_markup_in_the_end(piece: str) -> None:
    newest_reply_html(piece * (900_000 // len(piece)))


def test_what_is_quoted_and_what_is_not_are_told_apart_whole() -> None:
    html = (
        '<div>Yes, <b>do</b> it.<img src="/a.png"></div><div class="gmail_quote">On Wed Ben wrote:'
        '<blockquote>Shall <i>we</i>?<img src="/b.png"></blockquote></div>'
    )
    newest, quoted = split_reply_html(html)
    assert newest == '<div>Yes, <b>do</b> it.<img src="/a.png"></div>'
    assert quoted.endswith('On Wed Ben wrote:<blockquote>Shall <i>we</i>?<img src="/b.png"></blockquote></div>')
    assert "do" not in quoted


def test_nothing_is_quoted_where_nothing_is_cut_off() -> None:
    assert split_reply_html("<p>Hello</p>") == ("<p>Hello</p>", "")
