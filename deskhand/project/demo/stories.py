"""The tickets that are open in the demo."""

from deskhand.project.demo.steps import Story, step
from deskhand.tickets.models import Source
from deskhand.tickets.models.labels import AfterReply

STORIES = [
    Story(
        "Product feed rejected by the marketplace",
        step(
            "open",
            "chris",
            "The marketplace refused last night's feed: 212 products without a GTIN.",
            days=2,
            files=["failed-orders.csv"],
        ),
        [
            step("assign", "lena", days=1, hours=22, to=["tom"]),
            step("tags", "tom", days=1, hours=22, names=["feeds"]),
            step(
                "reply",
                "tom",
                "The feed was resubmitted at 16:20 with the missing numbers. Approval takes up to a day. Could you tell us when the warning disappears on your side?",
                days=1,
            ),
        ],
    ),
    Story(
        "Author event pages: add a map and parking notes",
        step(
            "open",
            "alex",
            "For the spring tour every event page should show a small map and a line about parking. Examples: https://bramley.example/events/ferrante and the two after it.",
            days=4,
        ),
        [
            step("assign", "priya", days=3, hours=20, to=["priya", "kit"]),
            step(
                "reply",
                "priya",
                "Lovely idea. Kit has drawn two versions, we will build the first one unless you object.",
                days=2,
                files=["event-map.png"],
            ),
            step("answer", "alex", "The first one, please.", days=1, hours=6),
            step(
                "reply",
                "priya",
                "Design is done, we are building it now. You will have a link on Thursday.",
                days=1,
                after=AfterReply.KEEP_OPEN,
            ),
        ],
        category="change",
        needed_in_days=13,
    ),
    Story(
        "Move the newsletter sign-up above the fold",
        step(
            "open",
            "harriet",
            "Could the newsletter box move up on the home page? Fewer than one in a hundred visitors ever see it.",
            days=3,
        ),
        [
            step("assign", "priya", days=2, hours=22, to=["priya"]),
            step(
                "reply",
                "priya",
                "Good point. It is planned for next week, together with the new footer.",
                days=2,
                after=AfterReply.KEEP_OPEN,
            ),
        ],
        category="change",
    ),
    Story(
        "Cookie banner wording",
        step(
            "open",
            "nadia",
            "Our partners would like calmer words on the cookie banner. Is there anything the law insists on?",
            days=1,
            hours=3,
        ),
        [
            step("assign", "priya", hours=20, to=["priya"]),
            step(
                "reply",
                "priya",
                "I have put both versions into the shared document. Tell me which one you prefer and it goes live the same day.",
                hours=3,
            ),
        ],
        category="question",
        source=Source.EMAIL,
    ),
    Story(
        "Repairs form does not accept HEIC photos",
        step(
            "open",
            "sam",
            "Residents with an iPhone cannot add a photo to the repairs form. It says “file type not supported”. Example: the form Mrs Hale sent this morning.",
            hours=20,
            files=["error-message.png"],
        ),
        [
            step("assign", "tom", hours=6, to=["tom"]),
            step("tags", "tom", hours=6, names=["forms"]),
            step(
                "reply",
                "tom",
                "Thanks Sam, the example made this quick to find. We have a fix on the test site: https://test.tern.example/repairs\n\nCould you try it on your phone and tell us if the photo arrives? If so we publish it today.",
                hours=2,
            ),
        ],
        needed_in_days=6,
    ),
    Story(
        "Book club form does not accept iPhone photos",
        step(
            "open",
            "alex",
            "Readers with an iPhone cannot add a photo to the book club form. It says “file type not supported”. Example: the form Carol sent this morning.",
            hours=18,
            files=["error-message.png"],
        ),
        [
            step("bring", "alex", hours=18, contact="harriet"),
            step("assign", "tom", hours=4, to=["tom"]),
            step(
                "reply",
                "tom",
                "Thanks Alex, we have a fix on the test site: https://test.bramley.example/book-club\n\nCould you try it on your phone and tell us if the photo arrives? If so we publish it today.",
                hours=2,
                minutes=20,
            ),
        ],
        needed_in_days=6,
    ),
    Story(
        "Gift cards: allow part payment",
        step(
            "open",
            "harriet",
            "Customers would like to pay a part of an order with a gift card and the rest by card. Today it is all or nothing.",
            days=1,
            hours=2,
        ),
        [
            step("assign", "priya", days=1, to=["priya"]),
            step("team", "priya", "is this within their plan, or do we offer it apart?", hours=6, mention="lena"),
            step(
                "reply",
                "priya",
                "This is possible with the payment provider you have. It is about half a day of work; shall we go ahead?",
                hours=5,
            ),
            step(
                "answer",
                "harriet",
                "That works for us. One more question: can the remaining balance be e-mailed to the customer?",
                hours=1,
            ),
        ],
        category="change",
    ),
    Story(
        "New staff login for the workshop",
        step(
            "open",
            "mei",
            "Please add Rob (rob@kestrel.example) with the same access as Jess. He starts on Monday.",
            minutes=51,
        ),
        [step("assign", "lena", minutes=45, to=["tom"])],
        category="question",
        source=Source.EMAIL,
    ),
    Story(
        "Opening hours for Christmas week",
        step(
            "open",
            "jon",
            "Could these go live by the end of the month please?\n\n24th 08:00 to 14:00, closed 25th to 27th, then as usual.",
            minutes=32,
        ),
        category="change",
        needed_in_days=9,
    ),
    Story(
        "VAT is shown twice on the order confirmation",
        step(
            "open",
            "dana",
            "Since yesterday the order confirmation shows the VAT line twice. The total is right. Two customers have asked already.",
            hours=5,
        ),
        [
            step("priority", "lena", hours=4, to="HIGH"),
            step("tags", "lena", hours=4, names=["billing"]),
            step("reply", "tom", "Thanks, we see it on test orders too. Is it every order, or only some?", hours=3),
            step(
                "team",
                "tom",
                "it came with Monday's update of the tax plugin. Shall I roll it back for the other shops as well?",
                minutes=40,
                mention="lena",
            ),
            step(
                "answer",
                "dana",
                "Still happening for orders over £50. I have pasted three order numbers below so you can look them up: 88121, 88130, 88137.",
                minutes=18,
            ),
        ],
    ),
    Story(
        "Checkout stalls after choosing a delivery date",
        step(
            "open",
            "alex",
            "Hi team, customers tell us the checkout stops after they choose a delivery date. The button spins and nothing happens. We have the Ferrante launch on Thursday, so this one is urgent for us.",
            hours=1,
            minutes=27,
        ),
        [
            step("assign", "priya", hours=1, minutes=6, to=["priya"]),
            step("priority", "priya", hours=1, minutes=6, to="URGENT"),
            step("tags", "priya", hours=1, minutes=6, names=["checkout", "safari"]),
            step("follow", "tom", hours=1),
            step(
                "reply",
                "priya",
                "Thanks Alex, I can see failed attempts in the log since last night. Which browser and device do your customers use? A screenshot of the page when it hangs would help a lot.",
                minutes=49,
            ),
            step(
                "team",
                "priya",
                "the date picker release went out at 18:40 yesterday. Can you check whether Safari gets the old polyfill?",
                minutes=46,
                mention="tom",
            ),
            step(
                "note",
                "priya",
                "Launch of the Ferrante edition on Thursday. Alex can be called at any time.",
                minutes=45,
            ),
            step(
                "answer",
                "alex",
                "Screenshot attached. It happens in Safari and on the shop iPad, never in Chrome.",
                minutes=4,
                files=["checkout-ipad.png", "failed-orders.csv"],
            ),
        ],
        needed_in_days=5,
    ),
]
