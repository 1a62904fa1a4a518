from django.core.checks import run_checks


def test_django_finds_nothing_to_complain_of() -> None:
    assert run_checks() == []
