"""Addresses of pages, each worked out once: a list of fifty tickets names two hundred."""

from functools import lru_cache

from django.urls import reverse

REMEMBERED = 8192


@lru_cache(maxsize=REMEMBERED, typed=True)
def address_of(name: str, *args: object, **kwargs: object) -> str:
    """Return the address of a route by its name and what it captures. Raises NoReverseMatch.

    The desk stands at the root of its host, so that addresses are the same for every request.
    """
    return reverse(name, args=args or None, kwargs=kwargs or None)
