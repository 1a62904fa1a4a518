"""A plan's statement of a month: as a page, as CSV and as PDF."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from deskhand.accounts.roles import Permission
from deskhand.allowances.models import Plan
from deskhand.allowances.statements import NoStatement, Statement, statement_months, statement_of
from deskhand.web.access import for_agents
from deskhand.web.statements import PdfNotAvailable, statement_csv, statement_pdf
from deskhand.web.viewers import DeskRequest
from deskhand.workspace.pages import page
from deskhand.workspace.views.allowances.lookups import month_or_404, plan_or_404, today_of


@for_agents(Permission.ALLOWANCES_VIEW)
@require_GET
def statement(request: DeskRequest, public_id: str, plan_id: int, month: str) -> HttpResponseBase:
    """Show the statement."""
    plan, found = _found(request, public_id, plan_id, month)
    context = {
        "client": plan.client,
        "plan": plan,
        "statement": found,
        "months": statement_months(plan, today=today_of(request)),
    }
    return page(request, "workspace/allowances/statement.html", context, section="clients")


@for_agents(Permission.ALLOWANCES_VIEW)
@require_GET
def as_csv(request: DeskRequest, public_id: str, plan_id: int, month: str) -> HttpResponseBase:
    """Send the statement as a CSV file."""
    _, found = _found(request, public_id, plan_id, month)
    return statement_csv(found)


@for_agents(Permission.ALLOWANCES_VIEW)
@require_GET
def as_pdf(request: DeskRequest, public_id: str, plan_id: int, month: str) -> HttpResponseBase:
    """Send the statement as a PDF file; where that cannot be made, say why."""
    _, found = _found(request, public_id, plan_id, month)
    try:
        return statement_pdf(found, at=request.act.at)
    except PdfNotAvailable as error:
        messages.error(request, str(error))
        return redirect("workspace:statement", public_id, plan_id, month)


def _found(request: DeskRequest, public_id: str, plan_id: int, month: str) -> tuple[Plan, Statement]:
    plan = plan_or_404(request.agent, public_id, plan_id)
    try:
        return plan, statement_of(plan, month_or_404(month), today=today_of(request))
    except NoStatement as error:
        raise Http404 from error
