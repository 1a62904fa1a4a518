import pytest

from deskhand.mail.replies import newest_reply

ATTRIBUTIONS = {
    "en": "On Mon, Mar 2, 2026 at 5:02 PM Ada Byron <ada@desk.test> wrote:",
    "en with a telling name": "On Mon, Mar 2, 2026 at 5:02 PM Acme, your desk <help@your.test> wrote:",
    "en with a telling address": "On Mon, Mar 2, 2026 at 5:02 PM help@your.test wrote:",
    "en without address": "On 2 Mar 2026, at 17:02, Ada Byron wrote:",
    "de": "Am 02.03.2026 um 17:02 schrieb Ada Byron <ada@desk.test>:",
    "fr": "Le lun. 2 mars 2026 à 17:02, Ada Byron <ada@desk.test> a écrit :",
    "es": "El lun, 2 mar 2026 a las 17:02, Ada Byron (<ada@desk.test>) escribió:",
    "pt": "Em seg., 2 de mar. de 2026 às 17:02, Ada Byron <ada@desk.test> escreveu:",
    "it": "Il giorno lun 2 mar 2026 alle ore 17:02 Ada Byron <ada@desk.test> ha scritto:",
    "nl": "Op ma 2 mrt 2026 om 17:02 schreef Ada Byron <ada@desk.test>:",
    "da": "Den man. 2. mar. 2026 kl. 17.02 skrev Ada Byron <ada@desk.test>:",
    "sv": "Den mån 2 mars 2026 kl 17:02 skrev Ada Byron <ada@desk.test>:",
    "nb": "man. 2. mars 2026 kl. 17:02 skrev Ada Byron <ada@desk.test>:",
    "fi": "ma 2. maalisk. 2026 klo 17.02 Ada Byron (ada@desk.test) kirjoitti:",
    "pl": "pon., 2 mar 2026 o 17:02 Ada Byron <ada@desk.test> napisał(a):",
    "cs": "po 2. 3. 2026 v 17:02 odesílatel Ada Byron <ada@desk.test> napsal:",
    "sk": "po 2. 3. 2026 o 17:02 Ada Byron <ada@desk.test> napísal(a):",
    "hu": "Ada Byron <ada@desk.test> ezt írta (időpont: 2026. márc. 2., H, 17:02):",
    "ro": "În lun., 2 mar. 2026 la 17:02, Ada Byron <ada@desk.test> a scris:",
    "hr": "pon, 2. ožu 2026. u 17:02 Ada Byron <ada@desk.test> napisao je:",
    "sl": "V V pon., 2. mar. 2026 ob 17:02 je oseba Ada Byron <ada@desk.test> napisala:",
    "bg": "На пн, 2.03.2026 г. в 17:02 Ada Byron <ada@desk.test> написа:",
    "ru": "пн, 2 мар. 2026 г. в 17:02, Ada Byron <ada@desk.test>:",
    "uk": "пн, 2 бер. 2026 р. о 17:02 Ada Byron <ada@desk.test> пише:",
    "el": "Στις Δευ 2 Μαρ 2026 στις 17:02, ο χρήστης Ada Byron <ada@desk.test> έγραψε:",
    "tr": "Ada Byron <ada@desk.test>, 2 Mar 2026 Pzt, 17:02 tarihinde şunu yazdı:",
    "et": "Ada Byron <ada@desk.test> kirjutas kuupäeval E, 2. märts 2026 kell 17:02:",
    "ca": "El dl., 2 de març 2026, 17:02, Ada Byron <ada@desk.test> va escriure:",
    "vi": "Vào Th 2, 2 thg 3, 2026 vào lúc 17:02 Ada Byron <ada@desk.test> đã viết:",
    "id": "Pada tanggal Sen, 2 Mar 2026 pukul 17.02 Ada Byron <ada@desk.test> menulis:",
    "he": "בתאריך יום ב׳, 2 במרץ 2026 ב-17:02 מאת Ada Byron <ada@desk.test>:",
    "ja": "2026年3月2日(月) 17:02 Ada Byron <ada@desk.test>:",
    "zh": "Ada Byron <ada@desk.test> 于2026年3月2日周一 17:02写道：",
    "sw": "Mnamo Jtt, 2 Mac 2026 saa 5:02 PM Ada Byron <ada@desk.test> aliandika:",
    "ko": "2026년 3월 2일 (월) 오후 5:02, Ada Byron <ada@desk.test>님이 작성:",
}
BLOCKS = {
    "en": ("From", "Sent", "To", "Subject"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "fr": ("De", "Envoyé", "À", "Objet"),
    "es": ("De", "Enviado", "Para", "Asunto"),
    "it": ("Da", "Inviato", "A", "Oggetto"),
    "pt": ("De", "Enviada", "Para", "Assunto"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "da": ("Fra", "Sendt", "Til", "Emne"),
    "sv": ("Från", "Skickat", "Till", "Ämne"),
    "fi": ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
    "pl": ("Od", "Wysłano", "Do", "Temat"),
    "cs": ("Od", "Odesláno", "Komu", "Předmět"),
    "sk": ("Od", "Odoslané", "Komu", "Predmet"),
    "hu": ("Feladó", "Elküldve", "Címzett", "Tárgy"),
    "ro": ("De la", "Trimis", "Către", "Subiect"),
    "hr": ("Šalje", "Poslano", "Prima", "Predmet"),
    "ru": ("От", "Отправлено", "Кому", "Тема"),
    "uk": ("Від", "Надіслано", "Кому", "Тема"),
    "el": ("Από", "Στάλθηκε", "Προς", "Θέμα"),
    "tr": ("Kimden", "Gönderildi", "Kime", "Konu"),
    "ja": ("差出人", "送信日時", "宛先", "件名"),
    "zh": ("发件人", "发送时间", "收件人", "主题"),
    "ko": ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
}


@pytest.mark.parametrize("language", ATTRIBUTIONS)
def test_cuts_at_the_line_that_names_whom_is_quoted(language: str) -> None:
    text = f"Thank you!\n\n{ATTRIBUTIONS[language]}\n\nCould you try again?\n"
    assert newest_reply(text) == "Thank you!"


@pytest.mark.parametrize("language", BLOCKS)
def test_cuts_at_copied_header_fields(language: str) -> None:
    sender, date, to, subject = BLOCKS[language]
    block = f"{sender}: Ada <ada@desk.test>\n{date}: 2026-03-02 17:02\n{to}: Cleo\n{subject}: Printer"
    assert newest_reply(f"Thank you!\n\n{block}\n\nCould you try again?\n") == "Thank you!"


@pytest.mark.parametrize(
    "line",
    [
        "-----Original Message-----",
        "-----Ursprüngliche Nachricht-----",
        "-----Ursprüngliche Mitteilung-----",
        "-------- Message d'origine --------",
        "----- Исходное сообщение -----",
        "________________________________\nFrom: a@b.test\nSent: 2 Mar 2026\nSubject: x",
        "*From:* Ada [mailto:ada@desk.test]\n*Sent:* Monday 17:02\n*To:* Cleo\n*Subject:* Hi",
    ],
)
def test_cuts_at_a_separator(line: str) -> None:
    assert newest_reply(f"Thank you!\n\n{line}\n\nold\n") == "Thank you!"


@pytest.mark.parametrize(
    "quote",
    [
        ">>> Ada Byron 02.03.26 17:02 >>>\nold",
        ">>> Ada Byron<ada@desk.test> 02.03.2026 17:02 >>>\nold",
        "Ada Byron <ada@desk.test>\n02/03/2026 17:02\n\nTo\nCleo\ncc\n\nSubject\nHi\n\nold",
        "Ada Byron/Berlin/Desk\nSent by: Bo\n02/03/2026 05:02 PM CET\n\n\tTo:\tCleo\n\tcc:\n\tSubject:\tHi\n\nold",
        '"Ada" <ada@desk.test>\n2026/03/02 17:02\n\n宛先: Cleo <cleo@acme.test>\ncc:\n件名: x\n\nold',
        "From: Ada <ada@desk.test> Sent: Monday, 2 March 2026 5:02 PM To: Cleo Subject: Hi\n\nold",
        "-------- Original message --------From: Ada <ada@desk.test> Date: 02/03/2026 To: Cleo Subject: Hi\nold",
        "---- Replied Message ----\n| From | Ada<ada@desk.test> |\n| Date | 3/2/2026 |\n| To | Cleo |\nold",
        "| From | Ada<ada@desk.test> |\n| Date | 3/2/2026 |\n| To | Cleo |\nold",
        "------------------ Original ------------------\nold",
        "发件人:Ada <ada@desk.test>\n日\u3000期:2026\n收件人:Cleo\n主\u3000题:x\n\nold",
        "##- Please type your reply above this line -##\nold",
        "Please reply above this line\nold",
        "--- Bitte oberhalb dieser Zeile antworten ---\nold",
        "Write ABOVE THIS LINE to post a reply\nold",
        "Add your comment above this line.\nold",
        "==== Veuillez répondre au-dessus de cette ligne ====\nold",
        "*Original Message*\nold",
        "2 Mar 2026, 17:02 by ada@desk.test:\n\nold",
        "Sent from my BlackBerry.\n  Original Message\nFrom: Ada\nSent: 2 Mar 2026 17:02\nTo: Cleo\n\nold",
        "* * *\n\nFrom: Ada\nSent: Monday\nTo: Cleo\nSubject: Hi\n\nold",
        '----------------\nКому: cleo@acme.test;\nТема: Re: x;\n02.03.2026, 17:02, "Ada" <ada@desk.test>:\n\nold',
    ],
)
def test_cuts_where_other_programs_begin_their_quote(quote: str) -> None:
    assert newest_reply(f"Thank you!\n\n{quote}\n") == "Thank you!"


@pytest.mark.parametrize(
    "line",
    [
        "Ada Byron wrote:",
        "Ada schrieb:",
        "Ada さんは書きました:",
        '"Ada Byron" ada@desk.test – 2 March 2026 17:02',
        "Ada Byron <ada@desk.test> - March 2, 2026 5:02 PM",
        "2026/3/2 Ada <ada@desk.test>",
    ],
)
def test_takes_what_may_be_an_attribution_for_one_only_right_before_a_quote(line: str) -> None:
    assert newest_reply(f"Thank you!\n\n{line}\n> old\n") == "Thank you!"
    assert newest_reply(f"Thank you!\n\n{line}\nnew\n") == f"Thank you!\n\n{line}\nnew"


def test_joins_a_wrapped_attribution() -> None:
    text = "Yes\n\nOn Mon, Mar 2, 2026 at 5:02 PM Ada Byron <\nada@desk.test>\nwrote:\n\n> Really?\n"
    assert newest_reply(text) == "Yes"


@pytest.mark.parametrize(
    "line",
    [
        *(ATTRIBUTIONS[language] for language in ("en", "de", "fr", "es", "pt", "it", "nl", "da", "sv")),
        "On Mar 2, 2026 5:02 PM, Ada Byron <ada@desk.test> wrote:",
        "On 2 Mar 2026, at 17:02, Ada Byron <ada@desk.test> wrote:",
        "On March 2, 2026 at 5:02 PM Ada Byron wrote:",
        "W dniu 2.03.2026 o 17:02, Ada Byron <ada@desk.test> pisze:",
    ],
)
def test_parts_the_attribution_from_the_end_of_the_reply_on_its_line(line: str) -> None:
    assert newest_reply(f"Yes.\n\nThank you, we will! {line}\n\n> Really?\n") == "Yes.\n\nThank you, we will!"


def test_keeps_the_answer_below_a_quote() -> None:
    assert newest_reply("On 2.3.2026, Ada wrote:\n> Really?\n> Sure?\n\nYes, really.\n") == "Yes, really."


@pytest.mark.parametrize(
    "text",
    [
        "We need:\n> 5 licenses\n> 2 hubs\n\nWhen can you deliver?",
        "Go to Settings\n> Users\n> Roles\n\nThere it hangs.",
        "I ran\n$ cat a.txt > b.txt\n> c.txt\nbash: permission denied\nWhat now?",
        "See\n>>> import foo\nImportError: No module named foo\nWhat is wrong?",
        "Please apply\n12c12\n< old line\n---\n> new line\nand tell me.",
        "Hi,\n\n> which version?\n\n4.2\n\n> which system?\n\nDebian\n\nCleo",
    ],
)
def test_keeps_lines_with_the_mark_of_a_quote_that_quote_nobody(text: str) -> None:
    assert newest_reply(text) == text


@pytest.mark.parametrize(
    "quote",
    ["> old\n> older\n\n-- \nCleo", "> On 2.3.2026, Ada wrote:\n> > old\n\nmore", "> old\n\nSent from my iPhone"],
)
def test_drops_a_quote_that_names_nobody_where_no_text_follows(quote: str) -> None:
    assert newest_reply(f"Thank you!\n\n{quote}").startswith("Thank you!")
    assert "old" not in newest_reply(f"Thank you!\n\n{quote}")


def test_keeps_everything_when_answers_stand_between_quotes() -> None:
    text = "On 2.3.2026, Ada wrote:\n> First?\n\nYes.\n\n> Second?\n\nNo.\n"
    assert newest_reply(text) == text.strip()


@pytest.mark.parametrize(
    "line", ["Monday, March 2, 2026, 5:02:11 PM, you wrote:", "Вы писали 2 марта 2026 г., 17:02:11:"]
)
def test_reads_initials_before_the_mark_of_a_quote(line: str) -> None:
    assert (
        newest_reply(f"Hello,\n\n{line}\n\nAB> Really?\nAB> Sure?\nCD>> older\n\nYes, really.")
        == "Hello,\n\n\nYes, really."
    )
    between = f"Hello,\n\n{line}\n\nAB> First?\n\nYes.\n\nAB> Second?\n\nNo."
    assert newest_reply(between) == between
    typed = "I did\n\nSQL> select 1\nSQL> quit\n\nand it hangs."
    assert newest_reply(f"{typed}\n\n{line}\n\n> old") == typed


def test_takes_wrapped_lines_of_a_quote_with_it() -> None:
    long = "> the printer in the hall on the second floor is the one which I have been\nusing all week long\n> and more"
    assert newest_reply(f"Yes\n\nOn 2.3.2026, Ada wrote:\n{long}\n") == "Yes"


def test_cuts_at_our_own_marker_first() -> None:
    text = "Done.\n\n> ##- Reply above this line -##\n> From: x\nMore below"
    assert newest_reply(text, marker="##- Reply above this line -##") == "Done."


@pytest.mark.parametrize(
    "text",
    [
        "> only\n> a quote",
        "On 2.3.2026, Ada wrote:\n> only a quote",
        "-----Original Message-----\nFrom: a@b.test\nall of it",
        "Sent from my iPhone",
    ],
)
def test_shows_everything_rather_than_nothing(text: str) -> None:
    assert newest_reply(text) == text


def test_keeps_a_forwarded_mail_with_its_comment() -> None:
    text = "Please look.\n\n---------- Forwarded message ---------\nFrom: a@b.test\nTo: c@d.test\nSubject: x\n\nHelp"
    assert newest_reply(text) == text


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "-- SENT FROM MY PHONE",
        "Von meinem iPhone gesendet",
        "Diese Nachricht wurde von meinem Telefon mit Mail gesendet.",
        "Envoyé de mon iPad",
        "Get Outlook for iOS<https://a.test>",
        "<https://a.test> Sent from my iPhone",
        "Wysłane z iPhone'a",
        "Samsung készülékemről küldve",
        "Отправлено с iPhone",
        "iPhone'umdan gönderildi",
        "iPhoneから送信",
        "发自我的iPhone",
        "发自网易邮箱大师",
        "Sent from Newton Mail",
        "Gesendet mit der Mail-App",
        "내 iPhone에서 보냄",
        "נשלח מה-iPhone שלי",
        "-- \nGesendet mit Tuta",
        "--\nSent with Tuta; enjoy secure & ad-free emails:\nhttps://tuta.com/",
        "Sent from Mailspring (https://getmailspring.com/)",
    ],
)
def test_drops_the_signature_of_a_phone(line: str) -> None:
    assert newest_reply(f"Thank you!\n\n{line}\n") == "Thank you!"


@pytest.mark.parametrize(
    "line", ["Sent from my iPhone", "Sent from my Wiko RIDGE FAB 4G", "Get Outlook for iOS", "Envoyé de mon iPad"]
)
def test_ends_the_reply_at_what_surely_is_the_signature_of_a_phone(line: str) -> None:
    assert newest_reply(f"Thank you!\n\n{line}\n\nwhatever a program put below") == "Thank you!"


@pytest.mark.parametrize(
    "line",
    [
        "Sent with DHL on Monday",
        "Sent on 2 March",
        "Gesendet mit DHL am Montag",
        "Verzonden met PostNL gisteren",
        "Envoyé par la poste hier",
        "App: Outlook for iOS",
        "Outlook for iOS crashes when I open it",
        "Sent from Samsung tablets: 12 mails",
        "My footer says\nSent from my iPhone\nand I want another.",
    ],
)
def test_keeps_what_stands_below_a_line_that_may_be_no_signature_of_a_phone(line: str) -> None:
    text = f"Hello,\n\n{line}\n\nIs that right?"
    assert newest_reply(text) == text
    assert newest_reply(f"{text}\n\n{ATTRIBUTIONS['en']}\n> old") == text


@pytest.mark.parametrize(
    "line",
    [
        "Sent with DHL on Monday",
        "Sent from the wrong account",
        "- Sent via UPS 12 boxes",
        "Gesendet von Herrn Meier am Montag",
        "Verzonden met PostNL gisteren",
        "Enviado por correo el lunes",
    ],
)
def test_keeps_a_last_line_that_tells_how_something_was_sent(line: str) -> None:
    text = f"Hello,\nplease look at these:\n\n{line}"
    assert newest_reply(text) == text
    assert newest_reply(f"{text}\n\n{ATTRIBUTIONS['en']}\n> old") == text


@pytest.mark.parametrize(
    "line",
    [
        "On 2 March 2026 at 14:00 your colleague wrote:",
        "On 2 March 2026 at 14:00 I wrote to support@desk.test:",
        "On 2 March 2026 at 14:00 he wrote to me:",
        "am 02.03.2026 um 14:00 Uhr schrieb mir Herr Müller:",
        "am 02.03.2026 um 14:00 Uhr schrieb Ihr Kollege:",
        "In Ihrer Mail vom 02.03.2026 haben Sie geschrieben:",
        "Le 2 mars 2026 à 14:00 M. Martin m'a écrit :",
        "Le 2 mars 2026 vous avez écrit :",
        "Le 2 mars 2026 à 14:00, le technicien a écrit :",
        "il 2 marzo 2026 alle 14:00 il tecnico ha scritto:",
        "am 02.03.2026 um 14:00 Uhr schrieb der Techniker:",
        "On 2 March 2026 at 14:00 the technician wrote:",
        "I asked Bo <bo@acme.test>, and on 2 March 2026 he wrote:",
        "2026-03-02 17:02:11 ERROR ada@desk.test:",
        "El 2 de marzo de 2026 a las 14:00 me escribió su compañero:",
        "il 2 marzo 2026 alle 14:00 il vostro collega mi ha scritto:",
        "op 2 maart 2026 om 14:00 schreef uw collega:",
        "W dniu 2 marca 2026 o 14:00 Państwa pracownik napisał:",
        "2 марта 2026 в 14:00 ваш сотрудник написал:",
        "2 марта 2026 в 14:00 вы писали:",
        "Как вы писали 2 марта 2026 в 14:00:",
        "02.03.2026 14:00 call with ada@desk.test:",
        "On 02/03/2026 we ordered, by mail to order@desk.test:",
        "2026-03-02 17:02:11 sent:",
        "The printer we have had since 02/03/2026 sent:",
    ],
)
def test_keeps_what_somebody_tells_that_somebody_wrote(line: str) -> None:
    text = f"Hello,\n\n{line}\n\nwe will come.\n\nNobody came."
    assert newest_reply(text) == text


def test_keeps_what_somebody_quotes_by_hand() -> None:
    for quote in ('"We will come."', "„Wir kommen.“", "« Nous venons. »"):
        text = f"Hello,\n\non 2 March 2026 at 14:00 Mr Smith wrote:\n{quote}\nNobody came."
        assert newest_reply(text) == text
    text = "Hello,\n\non 2 March 2026 Mr Smith wrote:\nwe will come.\nNobody came."
    assert newest_reply(text) == text


@pytest.mark.parametrize(
    "fields",
    [
        "From: Berlin Hbf\nTo: Paris Est\nDate: 2 March 2026 14:05\nClass: 2nd",
        "Von: Berlin\nAn: München\nDatum: 02.03.2026, 14:05 Uhr",
        "Von: Köln\nAn: Bonn\nDatum: 14.02.2026 07:30\nBetreff: Umzug",
        "Von: 02.03.2026\nAn: Frau Meier\nBetreff: Urlaub\nBis: 09.03.2026",
        "To: all\nSubject: Party\nDate: Friday 18:00",
        "To: all of us\nSubject: Party",
        "--------\nSubject: Party\n--------",
        "Date: 2 March 2026\nTo: Jane Doe, jane@doe.test\nWeight: 3 kg",
        "Datum: 02.03.2026\nAn: Berg GmbH, buchhaltung@berg.test\nBetrag: 12 EUR",
        "It had\nFrom: shop@x.test\nSubject: Your order\nand came on Monday",
        "Return-Path: <a@x.test>\nFrom: a@x.test\nTo: b@x.test\nSubject: Hi",
        "Received: by y.test;\n 2 Mar 2026\nDate: 2 Mar 2026 17:02\nFrom: a@x.test\nTo: b@x.test\nSubject: Hi",
        "From: a@x.test\nTo: b@x.test\nSubject: Hi\nDate: 2 Mar 2026 17:02\nMessage-ID: <1@x.test>",
        "To: all of the desk\nFrom: Cleo, Acme\nDate: 2 March 2026\nSubject: Complaint",
        "Minutes\n\nDate: 2 March 2026, 14:00\nFrom: Acme (Cleo, Bo)\nTo: Desk",
        "Date: 2 March 2026\nSubject: Party\nFrom: Cleo",
        "FAX\n\nTo: Desk\n\nFrom: Cleo\nDate: 2 March 2026\nSubject: Order",
        "From: a@x.test\nTo: b@x.test\nSubject: invoice\n\nFrom: c@x.test\nTo: d@x.test\nSubject: order",
        "[smtp]\nfrom: a@x.test\nto: b@x.test\nsubject: test\ndate: 2026-03-02 17:02",
        "From: Cleo\nE-Mail: cleo@acme.test\nDate: 2 March 2026\nSubject: Printer",
        "From: Cleo\n*Phone:* 030 1\nReply-To: cleo@acme.test\nSubject: Printer",
        "```\nFrom: a@x.test\nTo: b@x.test\nSubject: Hi\n\nbody\n```",
        "```python\n>>> run()\nOn 2.3.2026, Ada wrote:\n> old\n```",
    ],
)
def test_keeps_fields_that_are_data_of_the_writer(fields: str) -> None:
    text = f"Hello,\n\n{fields}\n\nCan you help?"
    assert newest_reply(text) == text
    assert newest_reply(f"{text}\n\n{ATTRIBUTIONS['en']}\n> old") == text


def test_takes_nothing_for_code_where_no_fence_ends_it() -> None:
    text = "See\n```\nx = 1"
    assert newest_reply(f"{text}\n\n{ATTRIBUTIONS['en']}\n> old\n> ```") == text


@pytest.mark.parametrize(
    "line",
    [
        "On 3/2/26 17:02, maria de la cruz wrote:",
        "Le 2/3/2026 à 17:02, le Carré a écrit :",
        "Op 2-3-2026 om 17:02 schreef de Vries:",
    ],
)
def test_cuts_at_names_that_begin_like_what_is_told(line: str) -> None:
    assert newest_reply(f"Thank you!\n\n{line}\n\nold\n") == "Thank you!"


@pytest.mark.parametrize(
    "fields",
    [
        "From: Ada\nSent: Monday, 2 March 2026 17:02\nTo: Cleo",
        "From: Ada\nSent: Monday\nTo: Cleo\nSubject: Hi",
        "Date: 02.03.2026 17:02\nFrom: ada@desk.test",
        "From: ada@desk.test\nSubject: Hi\n",
        "From: ada@desk.test\nSenditis: 2026-03-02 17:02\nTo: Cleo\nSubject: Hi",  # whatever language it is
    ],
)
def test_cuts_at_few_header_fields(fields: str) -> None:
    assert newest_reply(f"Thank you!\n\n{fields}\n\nold\n") == "Thank you!"


@pytest.mark.parametrize(
    "text",
    [
        "Sent from my desk, this is easier than my phone.",
        "On Monday we wrote a letter.\nIt said: nothing.",
        "From: the start\nit was clear",
        "Steps:\n1. open\n2. close",
        'Your mails say "reply above this line" and then my text is lost.',
        "Hello,\nI typed my reply above this line and it vanished.",
        "Hello,\nplease answer the questions above this line by Friday.",
        "Hello,\nder Text oberhalb dieser Zeile fehlt im Ausdruck.",
        "Which condition?\n* Original\n* Used",
        "Which color?\n--original--\n--red--",
        "Please send:\n* forwarded by Ada\n* copied",
        "Sign above the dotted line, please.\nThen send it.",
        "| To | Date |\n| --- | --- |\n| Berlin | Monday |",
        "Ada Byron/Berlin\n02/03/2026 17:02\nis when it burned.",
        "ada@desk.test\n02/03/2026 17:02\nTo\nbe or not to be",
        "Please change From: a@b.test to To: c@d.test",
        "Hello\n\n-- \nCleo\nAcme",
    ],
)
def test_leaves_ordinary_text_alone(text: str) -> None:
    assert newest_reply(text) == text


def test_drops_a_quote_longer_than_it_reads() -> None:
    text = "Thanks\n\nOn 2.3.2026, Ada wrote:\n" + "> old\n" * 20_000
    assert newest_reply(text) == "Thanks"
