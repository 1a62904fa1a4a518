"""One-time sign-in links: fifteen minutes, single use, confirmed by POST because mail scanners open GETs."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.signing import BadSignature, Signer
from django.db import transaction

from deskhand.accounts.events import SignInLinkRequested, SignInLinkUsed
from deskhand.accounts.models import SignInLink, User
from deskhand.events import Act
from deskhand.events.recording import record

LIFETIME = timedelta(minutes=15)
_signer = Signer(salt="deskhand.sign-in-link")


class LinkNotValid(Exception):
    """The link is unknown, expired or was used; the person should ask for a new one."""


def token_of(link: SignInLink) -> str:
    """Return the token that opens `link`; it can be derived again, so it is stored nowhere."""
    return _signer.sign(link.public_id)


@transaction.atomic
def create_sign_in_link(*, user: User, act: Act, next_path: str = "") -> SignInLink:
    """Make a link for `user` and tell nobody (the command line prints it)."""
    return SignInLink.objects.create(
        user=user, next_path=next_path[:500], created_at=act.at, expires_at=act.at + LIFETIME
    )


@transaction.atomic
def request_sign_in_link(*, address: str, act: Act, next_path: str = "", inviter: str = "") -> SignInLink | None:
    """Make a link for the active owner of `address`, to be sent there by mail. None when nobody owns it.

    With `inviter`, a name, the mail is an invitation.
    """
    user = User.objects.with_address(address.strip()).filter(is_active=True).first()
    if user is None:
        return None
    link = create_sign_in_link(user=user, act=act, next_path=next_path)
    fact = SignInLinkRequested(subject_id=user.pk, link_id=link.pk, address=address.strip().lower(), inviter=inviter)
    record(fact, act=act)
    return link


def find_link(token: str, *, now: datetime) -> SignInLink:
    """Return the still valid link of `token` without using it up. Raises LinkNotValid."""
    try:
        public_id = _signer.unsign(token)
    except BadSignature as error:
        raise LinkNotValid from error
    link = SignInLink.objects.select_related("user").filter(public_id=public_id).first()
    if link is None or link.used_at or link.expires_at <= now or not link.user.is_active:
        raise LinkNotValid
    return link


@transaction.atomic
def use_sign_in_link(*, token: str, act: Act) -> SignInLink:
    """Use up the link and return it with its user. Two at once: one wins. Raises LinkNotValid."""
    link = find_link(token, now=act.at)
    taken = SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=act.at)
    if not taken:
        raise LinkNotValid
    EmailAddress.objects.filter(user=link.user, email__iexact=link.user.email).update(verified=True)
    record(SignInLinkUsed(subject_id=link.user_id, link_id=link.pk), act=act)
    return link
