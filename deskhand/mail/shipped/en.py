"""English."""

from deskhand.mail.models import TextKind
from deskhand.mail.shipped.shape import Language, Text, Words

LANGUAGE = Language(
    texts={
        TextKind.ACKNOWLEDGEMENT: Text(
            "We received your message: {subject} [#{number}]",
            "Hello {name},\n\nthank you for writing. Your message arrived and is now ticket #{number}. "
            "We answer as soon as we can.\n\nTo add something, reply to this mail, or open the ticket:\n\n{address}",
        ),
        TextKind.REPLY: Text(
            "{subject} [#{number}]",
            "{message}\n\nTicket #{number}. Answer by replying to this mail, or online. "
            "Everything ends up in the same place.\n{address}",
        ),
        TextKind.CLOSED: Text(
            "Closed: {subject} [#{number}]",
            "Hello {name},\n\nwe closed ticket #{number}, “{subject}”.\n\n"
            "Is something still open? Reply to this mail, and the ticket opens again.\n\n{address}",
        ),
        TextKind.RATING: Text(
            "Closed: {subject} [#{number}]",
            "Hello {name},\n\nwe closed ticket #{number}, “{subject}”. How did we do?\n\n{good}\n{bad}\n\n"
            "Is something still open? Reply to this mail, and the ticket opens again.",
        ),
        TextKind.INVITATION: Text(
            "{inviter} invites you to the support portal of {desk}",
            "Hello {name},\n\n{inviter} invites you to the support portal of {desk}. There you ask for work, see where "
            "it stands, and find every answer.\n\n{address}\n\nThis link works once, for {minutes} minutes. Later, get "
            "a new one by entering your address here: {sign_in}",
        ),
        TextKind.SIGN_IN_LINK: Text(
            "Your link to sign in to {desk}",
            "Hello {name},\n\nhere is your link to sign in to {desk}. It works once, for {minutes} minutes.\n\n"
            "{address}\n\nDid you not ask for this? Then do nothing: nobody can sign in without this mail.",
        ),
        TextKind.APPROVAL: Text(
            "May we do {time} of extra work? {subject} [#{number}]",
            "Hello {name},\n\n{agent} asks whether we may do {time} of extra work on ticket #{number}, “{subject}”:\n\n"
            "{work}\n\n{allowance}\n\nWe do not begin before you or a colleague says so.\n\n{address}",
        ),
        TextKind.ALLOWANCE_ALERT: Text(
            "{percent} % of your maintenance is used: {plan}",
            "Hello {name},\n\n{client} has used {used} of {allowance} this month ({plan}). Left: {left}.\n\n"
            "The month's minutes begin anew on the 1st.\n\n{address}",
        ),
    },
    fixed_acknowledgement=Text(
        "We received your message [#{number}]",
        "Hello,\n\na message from this address arrived at {desk} and is now ticket #{number}.\n\n"
        "Did you not write to us? Then you need not do anything.",
    ),
    words=Words(
        automatic="This mail was sent automatically.",
        copy_address="If the button does nothing, copy this address into your browser:",
        attached="attached",
        see_ticket="See the ticket",
        sign_in="Sign in",
        good="Good",
        bad="Not good",
        decide="Approve or decline",
        see_allowance="See what it went on",
        left_now="Left of your allowance this month: {left}.",
        left_after="This work would leave {left}.",
        over_after="This work would go {over} beyond it.",
        hours_and_minutes="{hours}h {minutes}m",
        hours="{hours}h",
        minutes="{minutes}m",
    ),
)
