"""What mail tests share: a mailbox, and receiving raw mail as a worker would."""

import pytest

from deskhand.mail.models import Mailbox, MailSettings
from tests.cast import NOON, Cast
from tests.mail.post_office import PostOffice


@pytest.fixture
def mailbox(db: None) -> Mailbox:
    """Return the desk's support address."""
    return Mailbox.objects.create(name="Support", address="support@desk.example", created_at=NOON)


@pytest.fixture
def post(mailbox: Mailbox, cast: Cast) -> PostOffice:
    """Return the way in: what is received is processed at once, as a worker would, and not acknowledged."""
    MailSettings.objects.create(pk=1, acknowledges=False)
    return PostOffice(mailbox)
