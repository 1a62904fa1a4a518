"""Settings of the desk."""

from typing import Any

from django import forms

from deskhand.accounts.models import Agent, Role
from deskhand.tickets.models import Kind, Status
from deskhand.tickets.models.labels import AfterReply, Hue, RatingRequest
from deskhand.web.forms import offering
from deskhand.workspace.forms.fields import Address, Choice, Line, OneOf

LONGEST_RATING = 365
LONGEST_REOPENING = 3650


class GeneralForm(forms.Form):
    """What the desk is called and how it is reached."""

    name = Line(80, missing="Give the desk a name.")
    phone = Line(40)
    opening_words = Line(300)


class BrandForm(forms.Form):
    """What the desk looks like to clients."""

    accent = Line(20)
    footer_text = Line(300)


class AnnouncementForm(forms.Form):
    """What stands above every page of the portal."""

    text = Line(300)


class HelpForm(forms.Form):
    """A section of the portal's help; its text is the editor's."""

    title = Line(120, missing="Give the section a title.")
    text = forms.CharField(required=False, strip=False)
    document = forms.CharField(required=False)


class StatusForm(forms.Form):
    """A status's name and color."""

    name = Line(40, missing="Give the status a name.")
    hue = Choice(Hue, missing="Choose a color.")


class NewStatusForm(StatusForm):
    """A new status; its kind is for good."""

    kind = Choice(Kind, missing="Choose what the status does.")


class RemoveStatusForm(forms.Form):
    """Where the tickets of a removed status go."""

    move_to = OneOf(Status.objects.none())

    def __init__(self, *args: Any, status: Status, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Status.objects.filter(kind=status.kind).exclude(pk=status.pk).in_order()
        offering(self, "move_to").queryset = others


class CategoryForm(forms.Form):
    """What clients read of a category."""

    name = Line(60, missing="Give the category a name.")
    explanation = Line(200)
    is_offered = forms.BooleanField(required=False)


class TagForm(forms.Form):
    """A tag's name."""

    name = Line(40, missing="Give the tag a name, or remove it.")


class TicketSettingsForm(forms.Form):
    """Settings → Tickets."""

    after_reply = Choice(AfterReply)
    reopen_within_days = forms.IntegerField(
        min_value=0,
        max_value=LONGEST_REOPENING,
        error_messages={
            "required": "Enter a number of days, or 0 to reopen always.",
            "invalid": "Enter a whole number of days, or 0 to reopen always.",
            "min_value": "Enter 0 or more days.",
            "max_value": f"Enter at most {LONGEST_REOPENING} days, or 0 to reopen always.",
        },
    )
    rating = Choice(RatingRequest)
    rating_days = forms.IntegerField(
        min_value=1,
        max_value=LONGEST_RATING,
        error_messages={
            "required": "Enter a number of days, such as 14.",
            "invalid": "Enter a whole number of days, such as 14.",
            "min_value": "Enter 1 or more days.",
            "max_value": f"Enter at most {LONGEST_RATING} days.",
        },
    )


class AgentForm(forms.Form):
    """Who an agent is."""

    name = Line(200, missing="Enter a name.")
    title = Line(120)
    phone = Line(40)


class RoleForm(forms.Form):
    """Which role an agent has."""

    role = OneOf(Role.objects.order_by("pk"), missing="Choose a role.", to_field_name="slug")


class NewAgentForm(AgentForm, RoleForm):
    """Someone who begins to work here."""

    email = Address(missing="Enter an e-mail address.")


class TeamForm(forms.Form):
    """A team's name."""

    name = Line(80, missing="Give the team a name.")


class MembersForm(forms.Form):
    """Who is in a team."""

    members = forms.ModelMultipleChoiceField(
        Agent.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": "Someone in the list does not work here any more. Load the page again.",
            "invalid_pk_value": "Someone in the list does not work here any more. Load the page again.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offering(self, "members").queryset = Agent.objects.active()
