"""The maintenance page: what is left, twelve months, and what the time went on."""

from datetime import date, datetime

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from deskhand.allowances.models import Plan
from deskhand.clients.models import Client
from deskhand.core.tables import csv_file
from deskhand.portal.maintenance import (
    MONTHS_IN_YEAR,
    days_to_go,
    figures_for,
    may_see,
    months_to_choose,
    plan_words,
    time_lines,
    time_table,
    year_chart,
)
from deskhand.portal.pages import page
from deskhand.web.access import for_contacts
from deskhand.web.viewers import DeskRequest


@for_contacts
@require_GET
def maintenance(request: DeskRequest) -> HttpResponseBase:
    """Show each plan's month and year, and where the time of the chosen month went."""
    client, today = _client(request), timezone.localdate(request.act.at)
    figures = figures_for(request.contact, today=today, months=MONTHS_IN_YEAR)
    words = {plan.pk: plan_words(plan) for plan in Plan.objects.of(client)}
    lines = time_lines(request.contact, client, month := _month(request, today))
    return page(
        request,
        "portal/maintenance.html",
        figures=figures,
        plan_words=words,
        year_chart=year_chart,
        days_to_go=days_to_go(today),
        month=month,
        months=months_to_choose(today),
        lines=lines,
        total=sum(line.minutes for line in lines),
    )


@for_contacts
@require_GET
def export(request: DeskRequest) -> HttpResponseBase:
    """Answer with the chosen month as a table for spreadsheets."""
    client, today = _client(request), timezone.localdate(request.act.at)
    month = _month(request, today)
    table = csv_file(time_table(time_lines(request.contact, client, month)))
    name = f"maintenance-{month:%Y-%m}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(table, content_type="text/csv; charset=utf-8", headers=headers)


def _client(request: DeskRequest) -> Client:
    client = request.contact.client
    if client is None or not may_see(request.contact):
        raise Http404
    return client


def _month(request: DeskRequest, today: date) -> date:
    """Return the first day of the month that was asked for; this month for anything else."""
    try:
        wanted = datetime.strptime(request.GET.get("month", ""), "%Y-%m").date()  # noqa: DTZ007 (a month, no moment)
    except ValueError:
        return today.replace(day=1)
    return min(wanted, today.replace(day=1))
