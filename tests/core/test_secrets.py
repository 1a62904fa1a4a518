import pytest
from django.conf import LazySettings

from deskhand.core.secrets import SecretUnreadable, seal, unseal


def test_what_was_sealed_is_read_again_and_shows_nothing_of_itself() -> None:
    sealed = seal("correct-hörse")
    assert unseal(sealed) == "correct-hörse"
    assert "correct" not in sealed
    assert seal("correct-hörse") != sealed


def test_nothing_stays_nothing() -> None:
    assert (seal(""), unseal("")) == ("", "")


def test_what_was_changed_or_sealed_with_another_key_says_so(settings: LazySettings) -> None:
    sealed = seal("x")
    with pytest.raises(SecretUnreadable, match="Enter it again"):
        unseal(sealed[:-4] + "AAAA")
    settings.SECRET_KEY = "another key"
    with pytest.raises(SecretUnreadable, match="Enter it again"):
        unseal(sealed)
