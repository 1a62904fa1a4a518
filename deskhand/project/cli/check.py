"""`deskhand check`: says what is wrong with an installation and how to mend it."""

import sys

import click

from deskhand.project import env
from deskhand.project.cli.desk import database, desk
from deskhand.project.diagnosis import Finding


@click.command()
def check() -> None:
    """Look at settings, database, mail, storage, clock, front end and worker. Exit 1 on a problem."""
    findings = _configuration()
    if all(finding.is_well for finding in findings):
        findings += _everything_else()
    for finding in findings:
        mark = click.style("ok     ", fg="green") if finding.is_well else click.style("problem", fg="red")
        click.echo(f"{mark}  {finding.subject}: {finding.words}")
        if finding.mend:
            click.echo(f"         → {finding.mend}")
    problems = sum(not finding.is_well for finding in findings)
    click.echo("Everything is well." if not problems else f"{problems} to mend.")
    sys.exit(1 if problems else 0)


def _configuration() -> list[Finding]:
    """Return a finding for each setting that cannot be used, or one that says all can."""
    findings = []
    for variable in env.VARIABLES:
        try:
            variable.read()
        except env.ConfigurationError as error:
            findings.append(Finding("Settings", str(error), is_well=False, mend="See docs/configuration.md."))
    return findings or [Finding("Settings", f"{len(env.VARIABLES)} read, all usable")]


def _everything_else() -> list[Finding]:
    try:
        with database(), desk():
            from deskhand.project import diagnosis

            return diagnosis.examine()
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is the finding
        return [
            Finding(
                "Database", str(error), is_well=False,
                mend="Start it or set DATABASE_URL; without DATABASE_URL an embedded one is used.",
            )
        ]  # fmt: skip
