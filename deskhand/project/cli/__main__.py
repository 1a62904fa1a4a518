"""`python -m deskhand.project.cli`: how one command of ours starts another."""

from deskhand.project.cli.main import main

main()
