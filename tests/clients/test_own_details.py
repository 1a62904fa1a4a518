from deskhand.clients.actions.own_details import set_language, set_phone, set_ticket_mail, set_time_zone
from deskhand.clients.models import Contact
from deskhand.events.models import Event
from tests.cast import Cast, act_by


def changes(cast: Cast) -> list[list[str]]:
    events = Event.objects.about("contact", cast.cleo.pk).filter(kind="contact.changed")
    return [event.data["fields"] for event in events]


def test_each_change_is_recorded_once_by_its_name(cast: Cast) -> None:
    cleo, act = cast.cleo, act_by(cast.cleo.user)
    for _ in range(2):
        set_phone(contact=cleo, phone="+44 1", act=act)
        set_ticket_mail(contact=cleo, gets_mail=False, of_colleagues=True, act=act)
        set_time_zone(contact=cleo, zone="Europe/Berlin", act=act)
        set_language(contact=cleo, language="de", act=act)
    assert changes(cast) == [["phone"], ["gets_ticket_mail"], ["time_zone"], ["language"]]
    kept = Contact.objects.get(pk=cleo.pk)
    assert (kept.phone, kept.time_zone, kept.language) == ("+44 1", "Europe/Berlin", "de")
    assert (kept.gets_ticket_mail, kept.gets_all_ticket_mail) == (False, False)


def test_a_page_that_was_open_meanwhile_says_what_holds(cast: Cast) -> None:
    act, seen_before = act_by(cast.cleo.user), Contact.objects.get(pk=cast.cleo.pk)
    set_ticket_mail(contact=cast.cleo, gets_mail=False, act=act)
    set_ticket_mail(contact=seen_before, gets_mail=True, of_colleagues=True, act=act)
    kept = Contact.objects.get(pk=cast.cleo.pk)
    assert (kept.gets_ticket_mail, kept.gets_all_ticket_mail) == (True, True)
