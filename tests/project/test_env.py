from pathlib import Path

import pytest

from deskhand.project import env
from deskhand.project.env import ConfigurationError, Variable
from tests.project.desks import ROOT

UNUSABLE = {
    "DESKHAND_PORT": "eighty",
    "DESKHAND_URL": "support.example.com",
    "DATABASE_URL": "mysql://root:hunter2@localhost/desk",
    "DESKHAND_TIME_ZONE": "Middle/Earth",
    "DESKHAND_HTTP_ALLOW": "10.0.0.1/8",
    "DESKHAND_WEB_THREADS": "0",
    "DESKHAND_UPLOAD_LIMIT_MB": "-3",
    "DESKHAND_MAIL_DELIVERY": "pigeon",
    "SMTP_PORT": "70000",
    "SMTP_SECURITY": "ssl",
    "DESKHAND_LMTP_PORT": "lmtp",
    "DESKHAND_LOG_LEVEL": "loud",
    "DESKHAND_DEBUG": "perhaps",
}


@pytest.mark.parametrize(("name", "text"), UNUSABLE.items(), ids=UNUSABLE)
def test_an_unusable_value_names_its_variable(name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(ConfigurationError, match=name) as error:
        named(name).read()
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize("variable", env.VARIABLES, ids=lambda variable: variable.name)
def test_an_empty_value_counts_as_unset(variable: Variable[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(variable.name, raising=False)
    unset = variable.read()
    monkeypatch.setenv(variable.name, " ")
    assert variable.read() == unset


@pytest.mark.parametrize("variable", env.VARIABLES, ids=lambda variable: variable.name)
def test_is_documented(variable: Variable[object]) -> None:
    assert f"`{variable.name}`" in (ROOT / "docs" / "configuration.md").read_text()


def test_the_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESKHAND_SECRET_KEY", raising=False)
    key = env.secret_key(tmp_path / "home")
    assert len(key) > 40
    assert env.secret_key(tmp_path / "home") == key
    assert (tmp_path / "home" / "secret_key").stat().st_mode & 0o077 == 0


def named(name: str) -> Variable[object]:
    return next(variable for variable in env.VARIABLES if variable.name == name)
