import pytest

from deskhand.mail.auto_replies import is_notice, read_flags
from deskhand.mail.message import Headers
from deskhand.mail.parsing import parse
from tests.mail.samples import sample
from tests.mail.wordings import AUTO_REPLY_SUBJECTS


def _flags(subject: str = "", **fields: str) -> tuple[bool, bool]:
    headers = Headers(tuple((name.replace("_", "-"), value) for name, value in fields.items()))
    found = read_flags(headers, subject)
    return found.is_auto_reply, found.suppress_response


def test_reads_a_vacation_note() -> None:
    mail = parse(sample("vacation"))
    assert mail.is_auto_reply
    assert mail.suppress_response
    assert mail.text.strip() == "Ich bin im Büro erst am Montag."


def test_answers_no_mailing_list() -> None:
    mail = parse(sample("mailing-list"))
    assert not mail.is_auto_reply
    assert mail.suppress_response


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (False, False)),
        ({"Auto_Submitted": "no"}, (False, False)),
        ({"Auto_Submitted": "auto-generated"}, (False, True)),
        ({"Auto_Submitted": "auto-replied (vacation)"}, (True, True)),
        ({"Auto_Submitted": "auto-notified"}, (True, True)),
        ({"Precedence": "auto_reply"}, (True, True)),
        ({"Precedence": "bulk"}, (False, True)),
        ({"X_Autoreply": "yes"}, (True, True)),
        ({"X_AutoReply_From": "ada@x.test"}, (True, True)),
        ({"X_Precedence": "auto_reply"}, (True, True)),
        ({"Delivered_To": "Autoresponder"}, (True, True)),
        ({"Delivered_To": "autoresponder-team@desk.test"}, (False, False)),
        ({"X_POST_MessageClass": "9; Autoresponder"}, (True, True)),
        ({"X_RT_Loop_Prevention": "desk.test"}, (False, True)),
        ({"X_Auto_Response_Suppress": "DR, OOF, AutoReply"}, (False, True)),
        ({"X_Auto_Response_Suppress": "DR"}, (False, False)),
        ({"Return_Path": "<>"}, (False, True)),
        ({"X_Mailer": "vacation 1.2"}, (True, True)),
        ({"List_Id": "<a.b>"}, (False, True)),
        ({"X_Deskhand_Loop": "desk.test"}, (False, True)),
    ],
)
def test_reads_the_flags_from_the_header(fields: dict[str, str], expected: tuple[bool, bool]) -> None:
    assert _flags(**fields) == expected


def _is_notice(subject: str = "", **fields: str) -> bool:
    return is_notice(Headers(tuple((name.replace("_", "-"), value) for name, value in fields.items())), subject)


def test_tells_a_notice_from_an_answer() -> None:
    assert _is_notice("Site down", Auto_Submitted=" Auto-Notified; owner-email=a@b.test")
    assert not _is_notice("Site down", Auto_Submitted="auto-replied")
    assert not _is_notice("Site down", Auto_Submitted="auto-generated")
    assert not _is_notice("Site down")
    assert not _is_notice("Out of office: Ada", Auto_Submitted="auto-notified")
    assert not _is_notice("Site down", Auto_Submitted="auto-notified", X_Autoreply="yes")


def test_knows_the_subjects_of_absence_notes() -> None:
    subjects = [
        *AUTO_REPLY_SUBJECTS,
        "Out of Office AutoReply: x",
        "Abwesenheitsnotiz",
        "[Auto-Reply] x",
        "Afwezigheid",
    ]
    subjects += ["I'm out of the office until Monday", "Automatische Abwesenheitsnotiz", "Message d'absence: x"]
    subjects += ["Cleo Martin is out of the office.", "Cleo Martin ist außer Haus.", "Cleo Martin est absent(e)."]
    subjects += ["Abwesenheitsmitteilung", "Abwesenheitshinweis: x", "【自動返信】受付"]
    subjects += [
        "Abwesend vom 2.3. bis 9.3.2026",
        "Out of office from 2 March.",
        "Auto-reply from bo@y.test",
        "Out of Office Re: It burns, help!",
    ]
    assert [subject for subject in subjects if _flags(subject) != (True, True)] == []


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic door is broken",
        "Automatic reply is broken",
        "Autoresponder settings",
        "The office is out of paper",
        "Re: out of office",
        "Vacation: who is there?",
        "OOO the shop is down",
        "Out of office replies are sent twice",
        "I'm out of the office and cannot sign in",
        "Afwezig personeel",
        "Automatski odgovor ne radi",
        "Bo is out of the office, who is there?",
        "Bo is out of the office",
        "Re: Bo is out of the office.",
        "On vacation from Monday, please deactivate the alarm",
        "Out of office until Monday. Who takes over?",
    ],
)
def test_leaves_ordinary_subjects_alone(subject: str) -> None:
    assert _flags(subject) == (False, False)


TYPED = [
    {"User_Agent": "Mozilla Thunderbird"},
    {"X_Gm_Message_State": "AOJu0Y"},
    {"X_MS_Has_Attach": ""},
    {"Thread_Index": "AdqB"},
    {"X_Mailer": "iPhone Mail (22G86)"},
]


@pytest.mark.parametrize("fields", TYPED, ids=lambda fields: next(iter(fields)))
@pytest.mark.parametrize(
    "subject", ["OOO: set up for Bo, please", "Auto: VW Golf kaputt", "Automatic reply", "Abwesend"]
)
def test_takes_no_subject_typed_in_a_mail_program_for_an_auto_reply(fields: dict[str, str], subject: str) -> None:
    assert _flags(subject, **fields) == (False, True)  # nor answers it: a machine may have written it after all


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "auto-generated"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Loop": "yes"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"X_Mailer": "Vacation 1.2"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_believes_the_subject_where_the_header_names_a_machine(fields: dict[str, str]) -> None:
    program = {} if "X_Mailer" in fields else {"Thread_Index": "AdqB"}
    assert _flags("Automatic reply: x", **program, **fields) == (True, True)
