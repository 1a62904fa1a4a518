"""A made-up agency, its clients and their tickets, written through the real actions."""

from deskhand.project.demo.loading import load
from deskhand.project.demo.people import PEOPLE

__all__ = ["PEOPLE", "load"]
