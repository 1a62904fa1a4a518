"""Which list stands beside the conversation, as the address says: view, words, and where its page begins."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import QueryDict

from deskhand.tickets.queries.inbox import Cursor
from deskhand.tickets.queries.views import View
from deskhand.web.addresses import address_of
from deskhand.web.paging import place_in, words_in


class ListPlace:
    """A list's address, and the addresses that lead on from it. `chosen` is the number of the ticket beside it."""

    def __init__(self, given: QueryDict, *, chosen: int | None = None) -> None:
        """Read the address. Raises BadRequest for a view or a place that no list has."""
        try:
            self.view = View(given.get("view", View.INBOX))
        except ValueError as error:
            raise BadRequest(str(error)) from error
        self.after = place_in(given, Cursor)
        self.words = words_in(given)
        self.chosen = chosen

    @property
    def address(self) -> str:
        """This very list."""
        return self._inbox(view=self.view, q=self.words, after=self.after)

    @property
    def first_page(self) -> str:
        """The beginning of the same list."""
        return self._inbox(view=self.view, q=self.words)

    @property
    def without_words(self) -> str:
        """The same view, unsearched."""
        return self._inbox(view=self.view)

    @property
    def everywhere(self) -> str:
        """The same words in all tickets."""
        return self._inbox(view=View.SEARCH, q=self.words)

    def next_page(self, cursor: Cursor) -> str:
        """The page after this one."""
        return self._inbox(view=self.view, q=self.words, after=cursor)

    def to_ticket(self, number: int) -> str:
        """A ticket with this list beside it."""
        return address_of("workspace:ticket", number) + self.query

    def to_row(self, number: int) -> str:
        """A ticket's row alone, linked like the rows here."""
        return address_of("workspace:row", number) + self.query

    @cached_property
    def query(self) -> str:
        """What to append to an address below a ticket so that the list stays beside it; "" for the plain inbox."""
        return _query(view=self.view if self.view != View.INBOX else "", q=self.words, after=self.after)

    @staticmethod
    def _inbox(**fields: Any) -> str:
        return address_of("workspace:inbox") + _query(**fields)


def _query(**fields: Any) -> str:
    given = {name: str(value) for name, value in fields.items() if value}
    return f"?{urlencode(given)}" if given else ""
