"""Who else belongs to a client."""

from deskhand.clients.models import Contact, ContactQuerySet


def colleagues_of(contact: Contact) -> ContactQuerySet:
    """Return the other active contacts of the same client, by name; nobody for a contact without a client."""
    if contact.client_id is None:
        return Contact.objects.none()
    same = Contact.objects.with_people().filter(client=contact.client_id, user__is_active=True)
    return same.exclude(pk=contact.pk).order_by("user__name", "pk")
