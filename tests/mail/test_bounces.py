import pytest

from deskhand.mail.message import DeliveryState
from deskhand.mail.parsing import parse
from tests.mail.samples import sample

COMPLAINT = b"""From: x@isp.test
Subject: complaint
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
--b--"""
RECEIPT = b"""From: dev@acme.test
Subject: Read: Hello
Content-Type: multipart/report; report-type=disposition-notification; boundary=b

--b

Your message was displayed.
--b
Content-Type: message/disposition-notification

Disposition: manual-action; displayed
--b--"""


def test_reads_each_recipient_of_a_machine_readable_report() -> None:
    bounce = parse(sample("postfix-bounce")).bounce
    assert bounce
    assert bounce.is_failure
    assert bounce.original_message_id == "<77.x@desk.test>"
    dead, full = bounce.recipients
    assert (dead.address, dead.status, dead.is_hard) == ("nobody@acme.test", "5.1.1", True)
    assert (full.address, full.status, full.is_hard) == ("full@acme.test", "5.2.2", False)
    assert full.diagnostic == "552 5.2.2 mailbox over quota"
    assert not bounce.is_hard


def test_reads_the_recipient_from_the_words_above_the_copy() -> None:
    bounce = parse(sample("qmail-bounce")).bounce
    assert bounce
    assert [(one.address, one.is_hard) for one in bounce.recipients] == [("gone@acme.test", True)]
    assert bounce.original_message_id == "<78.y@desk.test>"


@pytest.mark.parametrize(
    ("action", "state"), [("delayed", "delayed"), ("delivered", "delivered"), ("relayed", "delivered")]
)
def test_does_not_call_delays_and_successes_failures(action: str, state: str) -> None:
    report = f"Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@acme.test\nAction: {action}\nStatus: 4.0.0\n"
    bounce = parse(_report(report)).bounce
    assert bounce
    assert bounce.state is DeliveryState(state)
    assert not bounce.is_failure
    assert not bounce.is_hard


def test_tells_a_warning_in_words_from_a_failure() -> None:
    bounce = parse(
        b"From: MAILER-DAEMON@x.test\nSubject: Warning: message delayed 24 hours\n\n"
        b"The message has not yet been delivered to:\n  a@acme.test\nDelivery attempts will continue.\n"
    ).bounce
    assert bounce
    assert bounce.state is DeliveryState.DELAYED


@pytest.mark.parametrize(
    "raw",
    [
        sample("vacation"),
        sample("gmail-reply"),
        b"From: cleo@acme.test\nSubject: Delivery failed?\nIn-Reply-To: <a@b>\n\nMy parcel could not be delivered.",
        b"From: cleo@acme.test\nSubject: Delivery problem\n\nThe courier says the address was not found.",
        b"From: postmaster@acme.test\nSubject: Re: [#5] Mail\nIn-Reply-To: <5.x@desk.test>\n\nUser unknown, it says.",
        COMPLAINT,
        RECEIPT,
    ],
    ids=["vacation", "reply", "answer", "parcel", "postmaster", "complaint", "receipt"],
)
def test_takes_other_mail_for_no_bounce(raw: bytes) -> None:
    assert parse(raw).bounce is None


LETTERS = (
    ("Order not delivered", "Hello,\n\nmy order was not delivered yesterday. Write to bo@y.test, please."),
    ("Delivery problem", "The driver says the address is unknown.\n\nRegards\nCleo\nshop@acme.test"),
    ("Paket nicht zugestellt", "Das Paket konnte nicht zugestellt werden.\nFragen an\ncleo@acme.test"),
    ("Colis non remis", "Mon colis n'a pas pu être livré. Écrivez à bo@y.test"),
    ("Undeliverable mails", 'Our clients get "undeliverable" when they write to sales@acme.test: it does not exist.'),
    ("user unknown", "Hi,\n\nwe get this since today:\n\nThese recipients could not be reached:\n\nbo@y.test\n"),
    ("Undeliverable", "What is that?\n\n> Your mail could not be delivered to\n> bo@y.test\n"),
    ("Fwd: Mail delivery failed", "Your mail could not be delivered to\n\nbo@y.test\n"),
    ("Mail error", "See below.\n\n----- Forwarded message -----\n\nMail could not be delivered to:\nbo@y.test\n"),
)


@pytest.mark.parametrize(("subject", "text"), LETTERS)
@pytest.mark.parametrize("sender", ["Cleo <cleo@acme.test>", "Courier Delivery Notification <info@acme.test>"])
def test_takes_no_letter_about_a_delivery_for_a_bounce(sender: str, subject: str, text: str) -> None:
    assert parse(f"From: {sender}\nSubject: {subject}\n\n{text}".encode()).bounce is None


PASTED = "Your mail could not be delivered to\n\nbo@y.test\n\nReason: user unknown\n"


@pytest.mark.parametrize(
    "text",
    [
        f"FYI\n\n----- Original Message -----\nFrom: MTA <mta@x.test>\nSubject: Undelivered mail\n\n{PASTED}",
        f"Can you look into this?\n\n{PASTED}",
        f"{PASTED}\nWhat does that mean?\n\nCleo",
        *(f"{PASTED}\n{closing}\nCleo Martin\n" for closing in (
            "Thanks", "Thank you!", "Kind regards,", "Danke", "Mit freundlichen Grüßen", "Viele Grüsse", "Merci",
            "Cordialement,", "Saludos", "Distinti saluti", "Met vriendelijke groet,", "Mvh", "С уважением,",
        )),
    ],
)  # fmt: skip
def test_takes_no_report_pasted_by_a_person_for_a_bounce(text: str) -> None:
    head = "Return-Path: <cleo@acme.test>\nFrom: Cleo <cleo@acme.test>\nSubject: Undelivered mail\n"
    head += "Content-Type: text/plain; charset=utf-8\n"
    assert parse(f"{head}\n{text}".encode()).bounce is None
    assert parse(f"{head}\n{PASTED}".encode()).bounce
    assert parse(f"{head}X-Mailer: iPhone Mail (22G86)\n\n{PASTED}".encode()).bounce is None


@pytest.mark.parametrize("before", ["收件人\uff1a", "您好\uff0c", "宛先\u3001", "地址\uff08"])
def test_takes_no_wide_sign_for_a_letter_of_an_address(before: str) -> None:
    head = "From: MAILER-DAEMON@x.test\nSubject: Undelivered mail\nContent-Type: text/plain; charset=utf-8"
    bounce = parse(f"{head}\n\n{before}bo@y.test\nuser unknown\n".encode()).bounce
    assert bounce
    assert [one.address for one in bounce.recipients] == ["bo@y.test"]


MARKS = (
    "FW", "WG", "TR", "RV", "RIF", "ENC", "I", "Doorst", "Doorsturen", "VS", "VB", "VL", "VM", "PD", "Přep", "FS",
    "YNT", "İLT", "ΠΡΘ", "Továbbítás", "Vidarebefordrat", "Videresendt", "Пер", "Пересл", "转发", "轉寄", "転送",
    "전달", "הועבר",
)  # fmt: skip


@pytest.mark.parametrize("mark", MARKS)
def test_takes_no_report_passed_on_for_a_bounce(mark: str) -> None:
    head = "From: Cleo <cleo@acme.test>\nContent-Type: text/plain; charset=utf-8\nSubject: "
    for written in (mark, mark.lower()):
        assert parse(f"{head}{written}: Undelivered mail\n\n{PASTED}".encode()).bounce is None
    assert parse(f"{head}RE: Undelivered mail\n\n{PASTED}".encode()).bounce


def test_takes_no_answer_of_a_postmaster_for_a_bounce() -> None:
    head = "From: postmaster@acme.test\nIn-Reply-To: <5.x@desk.test>\nSubject: Antwort: Mail delivery failed"
    assert parse(f"{head}\n\nUser unknown, it says.".encode()).bounce is None


@pytest.mark.parametrize(
    "fields",
    [
        "Subject: Out of office: Re: [#7] Mail delivery failed",
        "Subject: Re: [#7] Mail delivery failed\nAuto-Submitted: auto-replied\nIn-Reply-To: <7.x@desk.test>",
        "Subject: Away until Monday Re: [#7] Undeliverable mail\nX-Autoreply: yes\nReferences: <7.x@desk.test>",
    ],
)
def test_takes_no_absence_note_about_a_delivery_for_a_bounce(fields: str) -> None:
    text = "I am away, this mailbox is not available. Write to bo@y.test"
    head = "Return-Path: <>\nFrom: Cleo <cleo@acme.test>\n"
    assert parse(f"{head}{fields}\n\n{text}".encode()).bounce is None
    assert parse(f"{head}Subject: Mail delivery failed\n\n{text}".encode()).bounce


def test_knows_a_report_that_says_it_answers() -> None:
    head = "From: MAILER-DAEMON@x.test\nSubject: Undelivered mail\nAuto-Submitted: auto-replied\nReferences: <7@d.test>"
    assert parse(f"{head}\n\nUser unknown: <bo@y.test>".encode()).bounce


def test_takes_no_letter_of_a_postmaster_for_a_bounce() -> None:
    assert parse(b"From: postmaster@acme.test\nSubject: Space\n\nHello,\n\nour mailbox is full.").bounce is None
    assert parse(b"From: postmaster@acme.test\nSubject: Mail delivery\n\nDear all,\n\nit failed.").bounce is None


@pytest.mark.parametrize(
    "sender",
    [
        "Cleo <cleo@maildelivery.test>",
        "Cleo <cleo@mdaemon.example>",
        "Cleo <cleo@root.postmaster.test>",
        "Mail Delivery Service <info@parcels.test>",
    ],
)
def test_takes_no_letter_from_a_domain_or_firm_named_like_a_daemon_for_a_bounce(sender: str) -> None:
    mail = f"Return-Path: <cleo@x.test>\nFrom: {sender}\nSubject: Your order\n\nThe delivery failed: you were out."
    assert parse(mail.encode()).bounce is None


@pytest.mark.parametrize(
    "sender",
    [
        "MAILER-DAEMON",
        "<MAILER-DAEMON@x.test>",
        "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615@x.test>",
        "mmdf@x.test",
    ],
)
def test_knows_a_daemon_by_its_address(sender: str) -> None:
    mail = f"Return-Path: <cleo@x.test>\nFrom: {sender}\nSubject: Your mail\n\nUser unknown: <bo@y.test>"
    assert parse(mail.encode()).bounce


@pytest.mark.parametrize(
    ("path", "is_letter"),
    [
        ("<postmaster@acme.test>", True),
        ("<>", False),
        ("<MAILER-DAEMON@acme.test>", False),
        ("<MAILER-DAEMON>", False),
    ],
)
def test_tells_a_letter_of_a_postmaster_from_a_report_by_its_path(path: str, *, is_letter: bool) -> None:
    mail = f"Return-Path: {path}\nFrom: postmaster@acme.test\nSubject: SUBJECT\n\nOur mail to bo@y.test was rejected."
    assert (parse(mail.replace("SUBJECT", "Mail flow").encode()).bounce is None) is is_letter
    assert parse(mail.replace("SUBJECT", "Undelivered mail").encode()).bounce


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        ("Mail Service <info@z.test>", "Your mail could not be delivered", "It was not delivered to:\n\nbo@y.test\n"),
        ("MTA <mta@z.test>", "Delivery failure", "This mail failed.\n<bo@y.test>:\n  mailbox is full\n"),
        ("MTA <mta@z.test>", "Delivery failure", "The delivery failed.\n\nbo@y.test: user unknown\n"),
        ("MTA <mta@z.test>", "Não foi possível entregar: x", "Recusado: user unknown\n\nFailed: <bo@y.test>\n"),
        ("MTA <mta@z.test>", "Mail error", 'It was returned.\n\nFailed recipient: "bo@y.test" <bo@y.test>\n'),
        ("Poste <info@z.test>", "Echec de remise", "Il n'a pas pu être remis à\n<bo@y.test> (inconnu)\n"),
        ("root <root@z.test>", "Returned mail: user unknown", "These addresses had errors:\n<bo@y.test>\n"),
        ("System Administrator <x@z.test>", "Undeliverable: Hi", "Your mail did not reach\n\n  bo@y.test on Monday\n"),
    ],
)
def test_knows_a_report_by_the_recipients_it_lists(sender: str, subject: str, text: str) -> None:
    bounce = parse(f"From: {sender}\nSubject: {subject}\n\n{text}".encode()).bounce
    assert bounce, subject
    assert [one.address for one in bounce.recipients] == ["bo@y.test"]


@pytest.mark.parametrize("subject", ["Fwd: Undelivered Mail Returned to Sender", "Mails to Bo come back"])
def test_takes_no_letter_with_the_fields_of_a_report_attached_for_a_bounce(subject: str) -> None:
    assert parse(_with_fields(subject)).bounce is None


@pytest.mark.parametrize(
    "headers",
    ["Return-Path: <>\nFrom: MTA <mta@x.test>", "From: Mail Delivery System <mta@x.test>", "From: postmaster@x.test"],
)
def test_reads_the_fields_of_a_report_of_another_form(headers: str) -> None:
    bounce = parse(_with_fields("Undelivered Mail", headers)).bounce
    assert bounce
    assert [(one.address, one.status) for one in bounce.recipients] == [("bo@y.test", "5.1.1")]


PATHS = ("Return-Path: <>\n", "")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ("From: Form <www@acme.test>", "Name: Cleo\nE-mail: cleo@acme.test\n\nMy order could not be delivered."),
        ("From: Form <www@acme.test>", "お名前：Cleo\nメールアドレス：cleo@acme.test\n配信できません"),
        ("From: Shop <www@acme.test>\nReply-To: cleo@acme.test", "Mail to bo@y.test is rejected: user unknown"),
        ("From: Cleo <cleo@acme.test>", "Mail to bo@y.test is rejected: user unknown.\nWhy?"),
        ("From: Cleo <cleo@acme.test>", "The parcel could not be delivered. Write to cleo@acme.test"),
        ("From: Cleo <cleo@acme.test>\nUser-Agent: Mozilla", "Mail to bo@y.test is rejected: user unknown"),
        ("From: News <news@acme.test>\nList-Unsubscribe: <x>", "It was not delivered to:\n\nbo@y.test\n"),
    ],
)
def test_takes_no_form_and_no_letter_for_a_bounce_whatever_its_path(path: str, fields: str, text: str) -> None:
    head = f"{path}{fields}\nSubject: Delivery problem\nContent-Type: text/plain; charset=utf-8"
    assert parse(f"{head}\n\n{text}".encode()).bounce is None


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        ("System Administrator <admin@acme.test>", "Mail delivery", "Our mail to you is slow. Do you know why?"),
        ("Postmaster <postmaster@acme.test>", "Delivery problems", "We are rejected: 550 5.7.1. Please list us.\nJan"),
        ("postmaster@acme.test", "Spam notification", "These were not delivered:\nbo@y.test  Offer\n"),
    ],
)
def test_takes_a_postmaster_s_mail_for_a_bounce_only_where_it_names_a_recipient(
    sender: str, subject: str, text: str
) -> None:
    assert parse(f"From: {sender}\nSubject: {subject}\n\n{text}".encode()).bounce is None


@pytest.mark.parametrize(
    "reason",
    [
        "Das Postfach existiert nicht.", "adresse inconnue", "el usuario no existe", "usuário desconhecido",
        "utente sconosciuto", "het adres bestaat niet", "ящик не существует", "пользователь не найден",
        "收件人不存在", "존재하지 않는 계정입니다", "all relevant MX records point to non-existent hosts",
    ],
)  # fmt: skip
def test_knows_a_dead_address_in_other_languages(reason: str) -> None:
    bounce = parse(_said(f"It was not delivered to:\n\nbo@y.test: {reason}\n")).bounce
    assert bounce
    assert [(one.address, one.is_hard) for one in bounce.recipients] == [("bo@y.test", True)]


@pytest.mark.parametrize("reason", ["User unknown", "メールアドレスが見つかりません"])
def test_reads_a_reason_that_stands_before_the_address(reason: str) -> None:
    bounce = parse(_said(f"{reason}:\n\n  bo@y.test\n")).bounce
    assert bounce
    assert bounce.is_hard
    full = parse(_said(f"{reason}, or over quota:\n\n  bo@y.test\n")).bounce
    assert full
    assert not full.is_hard


def test_gives_no_recipient_the_reason_of_another() -> None:
    bounce = parse(_said("Failed:\n\n a@y.test\n   mailbox is full\n b@y.test\n   550 5.1.1 user unknown\n")).bounce
    assert bounce
    assert [(one.address, one.is_hard) for one in bounce.recipients] == [("a@y.test", False), ("b@y.test", True)]


def test_reads_the_transcript_of_a_session_as_the_server_s_words() -> None:
    text = "--- These addresses had errors ---\nbo@y.test\n\n--- Transcript of session follows ---\n"
    bounce = parse(
        _said(f"{text}550 bo@y.test... User unknown\n\n--- Original message follows ---\nTo: x@z.test")
    ).bounce
    assert bounce
    assert [(one.address, one.is_hard) for one in bounce.recipients] == [("bo@y.test", True)]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Zustellung verzögert: Hi", "Die Zustellung an folgende Empfänger ist verzögert:\n\nbo@y.test\n"),
        ("Remise retardée : Hi", "La remise à ces destinataires est retardée :\n\nbo@y.test\n"),
        ("Entrega retrasada: Hi", "La entrega a estos destinatarios se ha retrasado:\n\nbo@y.test\n"),
        ("Delivery status", "Your mail is delayed for more than 4 hours for these recipients:\n\nbo@y.test: timeout\n"),
    ],
)
def test_knows_a_delay_in_other_words(subject: str, text: str) -> None:
    head = "From: postmaster@x.test\nContent-Type: text/plain; charset=utf-8\nSubject: "
    bounce = parse(f"{head}{subject}\n\n{text}".encode()).bounce
    assert bounce
    assert bounce.state is DeliveryState.DELAYED
    assert [one.address for one in bounce.recipients] == ["bo@y.test"]


@pytest.mark.parametrize(
    ("field", "address"),
    [
        ("Final-Recipient: utf-8; bö@müller.test", "bö@müller.test"),
        ("Original-Recipient: rfc822;bo+2Bdesk@y.test\nFinal-Recipient: rfc822; bo@y.test", "bo+desk@y.test"),
        ("Original-Recipient: rfc822;bo+20@y.test\nFinal-Recipient: rfc822; bo@y.test", "bo+20@y.test"),
    ],
)
def test_reads_addresses_as_reports_write_them(field: str, address: str) -> None:
    bounce = parse(_report(f"Reporting-MTA: dns; x\n\n{field}\nAction: failed\nStatus: 5.1.1\n")).bounce
    assert bounce
    assert [one.address for one in bounce.recipients] == [address]


def _said(text: str) -> bytes:
    """A report in words alone."""
    head = "From: MAILER-DAEMON@x.test\nSubject: Undelivered mail\nContent-Type: text/plain; charset=utf-8"
    return f"{head}\n\n{text}".encode()


def _with_fields(subject: str, headers: str = "Return-Path: <cleo@acme.test>\nFrom: Cleo <cleo@acme.test>") -> bytes:
    """A mail that is no report by its form and holds the machine-readable part of one."""
    return (
        f"{headers}\nSubject: {subject}\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n"
        "When I write to Bo, I get this. Can you help?\n--b\n"
        "Content-Type: message/delivery-status\nContent-Disposition: attachment\n\n"
        "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; bo@y.test\nAction: failed\nStatus: 5.1.1\n--b--\n"
    ).encode()


def _report(status: str) -> bytes:
    return (
        "From: MAILER-DAEMON@x.test\nSubject: Report\nContent-Type: multipart/report; boundary=b\n\n--b\n\nReport\n"
        f"--b\nContent-Type: message/delivery-status\n\n{status}--b--\n"
    ).encode()
