"""The languages mail to clients can be written in: ISO 639-1 codes, each with its own name for itself."""

from collections.abc import Mapping

DEFAULT_LANGUAGE = "en"
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "nl": "Nederlands",
    "cs": "Čeština",
    "da": "Dansk",
    "fi": "Suomi",
    "nb": "Norsk bokmål",
    "pl": "Polski",
    "pt": "Português",
    "sv": "Svenska",
}
