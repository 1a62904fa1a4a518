"""The texts of mail as they come with Deskhand, one module a language."""

from collections.abc import Mapping

from deskhand.mail.shipped import de, en, es, fr, it, nl
from deskhand.mail.shipped.shape import Language, Text, Words

__all__ = ["SHIPPED", "Language", "Text", "Words"]

SHIPPED: Mapping[str, Language] = {
    "en": en.LANGUAGE,
    "de": de.LANGUAGE,
    "es": es.LANGUAGE,
    "fr": fr.LANGUAGE,
    "it": it.LANGUAGE,
    "nl": nl.LANGUAGE,
}
