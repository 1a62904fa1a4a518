"""Dutch."""

from deskhand.mail.models import TextKind
from deskhand.mail.shipped.shape import Language, Text, Words

LANGUAGE = Language(
    texts={
        TextKind.ACKNOWLEDGEMENT: Text(
            "We hebben uw bericht ontvangen: {subject} [#{number}]",
            "Beste {name},\n\nbedankt voor uw bericht. Het is aangekomen en heeft ticketnummer #{number}. "
            "We antwoorden zo snel mogelijk.\n\nWilt u iets toevoegen? Beantwoord deze e-mail of open het ticket:"
            "\n\n{address}",
        ),
        TextKind.REPLY: Text(
            "{subject} [#{number}]",
            "{message}\n\nTicket #{number}. Beantwoord deze e-mail of antwoord online: alles komt op dezelfde plek "
            "terecht.\n{address}",
        ),
        TextKind.CLOSED: Text(
            "Gesloten: {subject} [#{number}]",
            "Beste {name},\n\nwe hebben ticket #{number}, “{subject}”, gesloten.\n\n"
            "Is er nog iets niet in orde? Beantwoord deze e-mail en het ticket gaat weer open.\n\n{address}",
        ),
        TextKind.RATING: Text(
            "Gesloten: {subject} [#{number}]",
            "Beste {name},\n\nwe hebben ticket #{number}, “{subject}”, gesloten. Hoe hebben we het gedaan?\n\n"
            "{good}\n{bad}\n\n"
            "Is er nog iets niet in orde? Beantwoord deze e-mail en het ticket gaat weer open.",
        ),
        TextKind.INVITATION: Text(
            "{inviter} nodigt u uit voor het supportportaal van {desk}",
            "Beste {name},\n\n{inviter} nodigt u uit voor het supportportaal van {desk}. Daar vraagt u werk aan, ziet "
            "u hoe het ervoor staat en vindt u elk antwoord terug.\n\n{address}\n\nDeze link werkt één keer, "
            "{minutes} minuten lang. Een nieuwe krijgt u door hier uw adres in te vullen: {sign_in}",
        ),
        TextKind.SIGN_IN_LINK: Text(
            "Uw link om in te loggen bij {desk}",
            "Beste {name},\n\nhier is uw link om in te loggen bij {desk}. Hij werkt één keer, {minutes} minuten lang."
            "\n\n{address}\n\nHebt u hier niet om gevraagd? Dan hoeft u niets te doen: zonder deze e-mail kan niemand "
            "inloggen.",
        ),
        TextKind.APPROVAL: Text(
            "Mogen we {time} extra werken? {subject} [#{number}]",
            "Beste {name},\n\n{agent} vraagt of we {time} extra mogen werken aan ticket #{number}, “{subject}”:\n\n"
            "{work}\n\n{allowance}\n\nWe beginnen pas als u of een collega akkoord gaat.\n\n{address}",
        ),
        TextKind.ALLOWANCE_ALERT: Text(
            "{percent} % van uw onderhoudstijd is gebruikt: {plan}",
            "Beste {name},\n\n{client} heeft deze maand {used} van {allowance} gebruikt ({plan}). Over: {left}.\n\n"
            "Op de 1e van de volgende maand begint de tijd opnieuw.\n\n{address}",
        ),
    },
    fixed_acknowledgement=Text(
        "We hebben uw bericht ontvangen [#{number}]",
        "Beste lezer,\n\nvan dit adres is bij {desk} een bericht binnengekomen. Het heeft ticketnummer #{number}.\n\n"
        "Hebt u ons niet geschreven? Dan hoeft u niets te doen.",
    ),
    words=Words(
        automatic="Deze e-mail is automatisch verstuurd.",
        copy_address="Werkt de knop niet? Kopieer dit adres dan naar uw browser:",
        attached="bijgevoegd",
        see_ticket="Ticket bekijken",
        sign_in="Inloggen",
        good="Goed",
        bad="Niet goed",
        decide="Akkoord of afwijzen",
        see_allowance="Bekijk waarvoor",
        left_now="Van uw onderhoudstijd is deze maand nog {left} over.",
        left_after="Na dit werk blijft er {left} over.",
        over_after="Dit werk gaat daar {over} overheen.",
        hours_and_minutes="{hours} u {minutes} min",
        hours="{hours} u",
    ),
)
