"""Run as a script in a desk's environment: makes the cast and the support mailbox in its database."""

from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from deskhand.accounts.models import Desk  # noqa: E402
from deskhand.mail.models import Mailbox  # noqa: E402
from tests.cast import make_cast  # noqa: E402

call_command("migrate", interactive=False, verbosity=0)
Desk.objects.create(pk=1, name="Harbour & Pine", phone="020 7946 0100")
Mailbox.objects.create(name="Support", address="support@desk.example", created_at=datetime.now(UTC) - timedelta(days=1))
make_cast()
