"""German."""

from deskhand.mail.models import TextKind
from deskhand.mail.shipped.shape import Language, Text, Words

LANGUAGE = Language(
    texts={
        TextKind.ACKNOWLEDGEMENT: Text(
            "Ihre Nachricht ist angekommen: {subject} [#{number}]",
            "Guten Tag {name},\n\nvielen Dank für Ihre Nachricht. Sie ist angekommen und hat die Ticketnummer "
            "#{number}. Wir antworten, so bald wir können.\n\nMöchten Sie etwas ergänzen? Antworten Sie auf diese "
            "E-Mail oder öffnen Sie das Ticket:\n\n{address}",
        ),
        TextKind.REPLY: Text(
            "{subject} [#{number}]",
            "{message}\n\nTicket #{number}. Antworten Sie auf diese E-Mail oder online. "
            "Alles landet am selben Ort.\n{address}",
        ),
        TextKind.CLOSED: Text(
            "Abgeschlossen: {subject} [#{number}]",
            "Guten Tag {name},\n\nwir haben das Ticket #{number}, „{subject}“, abgeschlossen.\n\n"
            "Ist noch etwas offen? Antworten Sie auf diese E-Mail, und das Ticket wird wieder geöffnet.\n\n{address}",
        ),
        TextKind.RATING: Text(
            "Abgeschlossen: {subject} [#{number}]",
            "Guten Tag {name},\n\nwir haben das Ticket #{number}, „{subject}“, abgeschlossen. "
            "Wie zufrieden waren Sie?\n\n{good}\n{bad}\n\n"
            "Ist noch etwas offen? Antworten Sie auf diese E-Mail, und das Ticket wird wieder geöffnet.",
        ),
        TextKind.INVITATION: Text(
            "{inviter} lädt Sie in das Supportportal von {desk} ein",
            "Guten Tag {name},\n\n{inviter} lädt Sie in das Supportportal von {desk} ein. Dort geben Sie Aufträge, "
            "sehen den Stand der Dinge und finden jede Antwort wieder.\n\n{address}\n\nDieser Link gilt einmal und "
            "{minutes} Minuten lang. Einen neuen bekommen Sie jederzeit, wenn Sie hier Ihre Adresse eingeben: "
            "{sign_in}",
        ),
        TextKind.SIGN_IN_LINK: Text(
            "Ihr Link zur Anmeldung bei {desk}",
            "Guten Tag {name},\n\nhier ist Ihr Link zur Anmeldung bei {desk}. Er gilt einmal und {minutes} Minuten "
            "lang.\n\n{address}\n\nSie haben ihn nicht angefordert? Dann brauchen Sie nichts zu tun: Ohne diese "
            "E-Mail kann sich niemand anmelden.",
        ),
        TextKind.APPROVAL: Text(
            "Dürfen wir {time} zusätzlich arbeiten? {subject} [#{number}]",
            "Guten Tag {name},\n\n{agent} fragt, ob wir am Ticket #{number}, „{subject}“, {time} zusätzlich arbeiten "
            "dürfen:\n\n{work}\n\n{allowance}\n\nWir beginnen erst, wenn Sie oder jemand aus Ihrem Haus zustimmt."
            "\n\n{address}",
        ),
        TextKind.ALLOWANCE_ALERT: Text(
            "{percent} % Ihres Wartungskontingents sind verbraucht: {plan}",
            "Guten Tag {name},\n\n{client} hat in diesem Monat {used} von {allowance} verbraucht ({plan}). "
            "Noch übrig: {left}.\n\nAm Ersten des nächsten Monats beginnt das Kontingent von vorn.\n\n{address}",
        ),
    },
    fixed_acknowledgement=Text(
        "Ihre Nachricht ist angekommen [#{number}]",
        "Guten Tag,\n\nvon dieser Adresse ist bei {desk} eine Nachricht eingegangen. Sie hat die Ticketnummer "
        "#{number}.\n\nSie haben uns nicht geschrieben? Dann brauchen Sie nichts zu tun.",
    ),
    words=Words(
        automatic="Diese E-Mail wurde automatisch verschickt.",
        copy_address="Falls die Schaltfläche nicht funktioniert, kopieren Sie diese Adresse in Ihren Browser:",
        attached="angehängt",
        see_ticket="Ticket ansehen",
        sign_in="Anmelden",
        good="Gut",
        bad="Nicht gut",
        decide="Zustimmen oder ablehnen",
        see_allowance="Ansehen, wofür",
        left_now="Von Ihrem Kontingent sind in diesem Monat noch {left} übrig.",
        left_after="Nach dieser Arbeit blieben {left}.",
        over_after="Diese Arbeit ginge um {over} darüber hinaus.",
    ),
)
