"""Conditions that Django does not have by itself."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, ExpressionWrapper, F, Func, Q, Value


def is_among(field: str, ids: Iterable[int]) -> Q:
    """Return the condition that a field is one of these ids: one value in a statement, however many they are."""
    array = Value(list(ids), output_field=ArrayField(BigIntegerField()))
    is_any = Func(F(field), array, template="%(expressions)s)", arg_joiner=" = ANY (")
    return Q(ExpressionWrapper(is_any, output_field=BooleanField()))
