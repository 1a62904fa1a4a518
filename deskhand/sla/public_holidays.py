"""Public holidays by country and part of a country, from the `holidays` library. Knows no Django.

The library is loaded by whoever asks: every process of the desk would carry it otherwise.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

NAME_LIMIT = 120
_CAPITALS = re.compile(r"(?<=[a-z])(?=[A-Z])")


class UnknownPlace(ValueError):
    """The library knows no holidays of that place."""


@dataclass(frozen=True)
class Country:
    """A country whose public holidays are known, with the codes of its parts."""

    code: str
    name: str
    subdivisions: tuple[str, ...]


@cache
def countries() -> tuple[Country, ...]:
    """Return the countries by name."""
    import holidays
    from holidays.registry import COUNTRIES

    supported = holidays.list_supported_countries(include_aliases=False)
    named = {names[1]: _CAPITALS.sub(" ", names[0]) for names in COUNTRIES.values()}
    found = (Country(code, named.get(code, code), tuple(parts)) for code, parts in supported.items())
    return tuple(sorted(found, key=lambda country: country.name))


def public_holidays(country: str, subdivision: str, years: Iterable[int]) -> list[tuple[date, str]]:
    """Return the public holidays of some years with their names, in English where the library has that."""
    import holidays

    refuse_unknown_place(country, subdivision)
    known = getattr(holidays, country)
    english = next((language for language in ("en_GB", "en_US") if language in known.supported_languages), None)
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=list(years), language=english)
    return [(day, name[:NAME_LIMIT]) for day, name in sorted(found.items())]


def refuse_unknown_place(country: str, subdivision: str) -> None:
    """Raise UnknownPlace unless the library knows the place; no country at all is fine."""
    if not country and not subdivision:
        return
    known = next((known for known in countries() if known.code == country), None)
    if known is None:
        raise UnknownPlace(f"No public holidays are known for “{country}”. Choose a country from the list.")
    if subdivision and subdivision not in known.subdivisions:
        raise UnknownPlace(f"“{subdivision}” is no part of {known.name}. Choose one from the list.")
