"""Conditions that Django does not have by itself."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, ExpressionWrapper, F, Field, Func, Q, TextField, Value


def is_among(field: str, ids: Iterable[int]) -> Q:
    """Return the condition that a field is one of these ids: one value in a statement, however many they are."""
    return _is_among(field, list(ids), BigIntegerField())


def is_among_texts(field: str, texts: Iterable[str]) -> Q:
    """Return the condition that a field is one of these texts: one value in a statement, however many they are."""
    return _is_among(field, list(texts), TextField())


def _is_among(field: str, values: list[Any], kind: "Field[Any, Any]") -> Q:
    array = Value(values, output_field=ArrayField(kind))
    is_any = Func(F(field), array, template="%(expressions)s)", arg_joiner=" = ANY (")
    return Q(ExpressionWrapper(is_any, output_field=BooleanField()))
