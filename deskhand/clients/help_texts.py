"""The help that comes with Deskhand: what an agency would tell its clients, good enough to keep."""

from dataclasses import dataclass

from deskhand.core.documents import Node, from_text


@dataclass(frozen=True)
class ShippedSection:
    """A section of the help page as it is shipped. `public_id` names it in addresses."""

    public_id: str
    title: str
    text: str

    @property
    def document(self) -> Node:
        """The text as a composer document."""
        return from_text(self.text)


SHIPPED = (
    ShippedSection(
        "using-the-portal",
        "Finding your way around",
        """Everything you asked us stands under Tickets. What waits for your answer comes first; below it is what we \
are working on. When something is done it moves to Closed tickets, and you can open it again from there.

You do not have to come here to answer. Reply to any mail about a ticket, and your reply lands in the same place, with \
its attachments. Pictures and documents from all tickets are under Files.

A colleague should know as well? Open the ticket and add them: they get every message from then on, and can answer.""",
    ),
    ShippedSection(
        "good-tickets",
        "Getting a quick result",
        """One ticket per issue works best, because each can then go to whoever knows most about it.

Show us exactly what you see: the address of the page, an order number, a screenshot. Tell us what you expected to \
happen. If there is a deadline, enter it, with as much notice as you can give.

If it is about something already open, write on that ticket. Whoever looks after it has all of the history there.""",
    ),
    ShippedSection(
        "chasing",
        "Asking how far it is",
        """Each ticket shows who is working on it and by when you hear from us. If you would like to know more, open \
the ticket and press "Ask for an update". It reaches the people responsible at once, and works once per working day.

When you call or write, please quote the ticket's number.""",
    ),
    ShippedSection(
        "priorities",
        "What is urgent, and what is not",
        """Not everything can be urgent. We do things in the order in which they hurt you, and a deadline helps us plan.

Choose "Business critical" only when something fundamental has stopped working, typically when orders cannot be placed \
or fulfilled. We are alerted at once, at any hour, so please leave a number at which we can call you.""",
    ),
    ShippedSection(
        "out-of-hours",
        "Evenings, weekends and holidays",
        """You can open a ticket at any time. Outside our hours we act only on what is business critical; everything \
else is taken up when we open again. Weekends and public holidays do not count towards the time in which we answer, \
and every new ticket tells you the day.""",
    ),
)
