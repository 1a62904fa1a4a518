"""The categories clients choose from."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from deskhand.core.ordering import Direction, move
from deskhand.core.text import one_line
from deskhand.core.uniqueness import unless_taken
from deskhand.events import Act
from deskhand.events.recording import record
from deskhand.tickets.events import CategoryAdded, CategoryEdited, CategoryMoved
from deskhand.tickets.models import Category

_SLUG_LIMIT = 50


class CategoryNameTaken(ValueError):
    """Another category has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There already is a category called “{name}”.")


@dataclass(frozen=True)
class CategoryText:
    """What clients read, and whether it is offered to them."""

    name: str
    explanation: str = ""
    is_offered: bool = True


@transaction.atomic
def add_category(*, text: CategoryText, act: Act) -> Category:
    """Add a category behind the others. Raises CategoryNameTaken."""
    name = one_line(text.name)
    last = Category.objects.aggregate(last=Max("position"))["last"]
    with unless_taken("category_name_unique", CategoryNameTaken(name)):
        category = Category.objects.create(
            name=name,
            slug=_free_slug(name),
            explanation=one_line(text.explanation),
            is_offered=text.is_offered,
            position=0 if last is None else last + 1,
        )
    record(CategoryAdded(subject_id=category.pk, name=name), act=act)
    return category


def _free_slug(name: str) -> str:
    base = slugify(name)[:_SLUG_LIMIT] or "category"
    taken = set(Category.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{count}" for count in range(2, 9999))) if slug not in taken)


@transaction.atomic
def change_category(*, category_id: int, text: CategoryText, act: Act) -> None:
    """Rename a category, explain it anew, offer it or stop offering it. Raises CategoryNameTaken."""
    category = Category.objects.select_for_update().get(pk=category_id)
    name, explanation = one_line(text.name), one_line(text.explanation)
    if (category.name, category.explanation, category.is_offered) == (name, explanation, text.is_offered):
        return
    fact = CategoryEdited(subject_id=category.pk, old=category.name, new=name)
    category.name, category.explanation, category.is_offered = name, explanation, text.is_offered
    with unless_taken("category_name_unique", CategoryNameTaken(name)):
        category.save(update_fields=["name", "explanation", "is_offered"])
    record(fact, act=act)


@transaction.atomic
def move_category(*, category_id: int, direction: Direction, act: Act) -> None:
    """Move a category one place up or down in the list clients choose from."""
    moved = move(Category.objects.order_by("position", "id"), category_id, direction)
    if moved is not None:
        record(CategoryMoved(subject_id=moved.pk, name=moved.name, direction=direction), act=act)
