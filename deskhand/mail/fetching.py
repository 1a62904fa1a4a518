"""Reading one IMAP folder: what is new is stored here first, and only then marked, moved or deleted there."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from deskhand.core.secrets import unseal
from deskhand.mail.actions.fetching import Place, begin_position, change_backlog, note_settled, refuse_changed, take
from deskhand.mail.actions.sign_in import access_token_for
from deskhand.mail.imap import LONGEST_FETCH_BYTES, Folder, ImapTrouble, Login
from deskhand.mail.models import AfterFetch, Existing, ImapAccount, ImapMail, ImapPosition, SignIn

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
CLOCKS_DIFFER = timedelta(days=2)
"""How far the server's days and ours may lie apart."""
LOOK_BACK = 200
"""Some servers show a mail later than one with a higher UID; so many below the last one are looked at again."""


def login_of(account: ImapAccount, *, now: datetime) -> Login:
    """Return how to sign in; may ask the provider for a token. Raises SecretUnreadable, OAuthTrouble."""
    is_by_token = account.sign_in == SignIn.OAUTH2
    return Login(
        host=account.host,
        port=account.port,
        security=account.security,
        user=account.user,
        password=unseal(account.sealed_password),
        folder=account.folder,
        access_token=access_token_for(account.mailbox_id, host=account.host, now=now) if is_by_token else "",
    )


@dataclass(frozen=True)
class Reading:
    """What one look at a folder brought. `trouble`: which mail was not taken, or only in part, and why; else empty."""

    taken: int
    trouble: str = ""


def read_folder(account: ImapAccount, folder: Folder, *, clock: Clock, is_stopping: Callable[[], bool]) -> Reading:
    """Take everything new and tell the server about it.

    May be cut off anywhere and run again. Raises ImapTrouble when the connection is gone, AccountChanged, and
    DatabaseError.
    """
    position = _position(account, folder, at=clock())
    _settle_rest(account, folder, position, clock=clock, is_stopping=is_stopping)
    taken, trouble, missed = 0, "", []
    for uid in _wanted(folder, position):
        if is_stopping():
            return Reading(taken, trouble)
        place = Place(account, position.folder, position.uid_validity, uid)
        try:
            one = _take_one(folder, place, clock=clock)
        except ImapTrouble as error:
            change_backlog(position, add=[uid])  # at once: the next mail may cut the connection
            folder.touch()  # raises when the connection is gone; otherwise one mail must not keep the others waiting
            one = Reading(0, f"Mail {uid} could not be fetched: {error}")
        taken, trouble = taken + one.taken, trouble or one.trouble
        if not one.taken:
            missed.append(uid)
    left = _keep_missed(folder, position, missed)
    return Reading(
        taken, trouble or (f"Mail {min(left)} could not be fetched: the server gave nothing." if left else "")
    )


def _keep_missed(folder: Folder, position: ImapPosition, missed: list[int]) -> set[int]:
    """Keep of the backlog, and of what else was not taken, what is still there; returns that."""
    left = folder.still_there(missed) if missed else set()
    if missed or position.backlog:
        change_backlog(position, add=left, drop={*position.backlog, *missed} - left)
    return left


def _take_one(folder: Folder, place: Place, *, clock: Clock) -> Reading:
    raw = folder.fetch(place.uid)
    if raw is None:
        return Reading(0)
    take(raw, place=place, at=clock())
    return Reading(1, _settle(folder, place, len(raw), clock=clock))


def _position(account: ImapAccount, folder: Folder, *, at: datetime) -> ImapPosition:
    mine = ImapPosition.objects.filter(account=account, epoch=account.epoch, folder=account.folder)
    position = mine.filter(uid_validity=folder.uid_validity).first()
    if position is not None:
        return position
    next_uid = folder.next_uid()
    earlier = mine.order_by("began_at").first()
    first_uid = 1 if account.existing == Existing.ALL else next_uid
    backlog = [] if first_uid == 1 else _backlog(account, folder, earlier, next_uid)
    return begin_position(
        account,
        folder=account.folder,
        uid_validity=folder.uid_validity,
        first_uid=first_uid,
        backlog=backlog,
        at=at,
    )


def _backlog(account: ImapAccount, folder: Folder, earlier: ImapPosition | None, next_uid: int) -> list[int]:
    """What lies in the folder at the first look and is to be taken.

    With another UIDVALIDITY nobody can say what is new: all that came since reading began is looked at once more, and
    known mail is recognized by its content.
    """
    since = folder.uids_since((earlier.began_at - CLOCKS_DIFFER).date()) if earlier else []
    unread = folder.unread_below(next_uid) if account.existing == Existing.UNREAD else []
    return sorted({uid for uid in [*since, *unread] if uid < next_uid})


def _wanted(folder: Folder, position: ImapPosition) -> Iterator[int]:
    """The UIDs not taken yet, in their order."""
    look_from = max(position.first_uid, position.last_uid - LOOK_BACK)
    listed = [*position.backlog, *folder.uids_from(look_from)]
    taken = set(_known(position).filter(uid__in=listed).values_list("uid", flat=True))
    return iter(sorted(uid for uid in set(listed) if uid not in taken))


def _known(position: ImapPosition) -> QuerySet[ImapMail]:
    """The mails taken from there."""
    return ImapMail.objects.filter(
        account=position.account_id, epoch=position.epoch, folder=position.folder, uid_validity=position.uid_validity
    )


def _settle_rest(
    account: ImapAccount,
    folder: Folder,
    position: ImapPosition,
    *,
    clock: Clock,
    is_stopping: Callable[[], bool],
) -> None:
    """Do what a cut connection kept from being done."""
    rest = _known(position).filter(settled_at=None)
    for uid, size_bytes in rest.order_by("uid").values_list("uid", "mail__size_bytes")[:1000]:
        if is_stopping():
            return
        _settle(folder, Place(account, position.folder, position.uid_validity, uid), size_bytes, clock=clock)


def _settle(folder: Folder, place: Place, size_bytes: int, *, clock: Clock) -> str:
    """Do on the server what is to follow; returns why something else was done, empty where nothing else was.

    A mail of which only the beginning was fetched is left there: nobody else has the rest.
    """
    account = place.account
    after = AfterFetch.MARK_SEEN if size_bytes >= LONGEST_FETCH_BYTES else account.after_fetch
    refuse_changed(account)  # nothing is deleted by settings that hold no more
    folder.settle(place.uid, after, account.move_to)
    note_settled(place, at=clock())
    if after == account.after_fetch:
        return ""
    logger.warning(
        "mail %s in %s of %s is too large to be fetched whole, and was left there", place.uid, place.folder, account
    )
    return f"Mail {place.uid} is too large: only its beginning was fetched, and all of it was left on the server."
