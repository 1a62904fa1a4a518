"""Addresses of clients' allowances, of statements and of the time log."""

from django.urls import path

from deskhand.workspace.views.allowances import alerts, clients, plans, statements, time_log
from deskhand.workspace.views.settings import allowances

_CLIENT = "clients/<str:public_id>/allowance"
_PLAN = f"{_CLIENT}/<int:plan_id>"
_MONTH = f"{_PLAN}/statements/<str:month>"

urlpatterns = [
    path(_CLIENT, clients.allowance, name="client_allowance"),
    path(f"{_CLIENT}/alerts", alerts.alert_contacts, name="alert_contacts"),
    path(f"{_CLIENT}/new", clients.new_plan, name="new_plan"),
    path(_PLAN, plans.plan, name="plan"),
    path(f"{_PLAN}/adjustments", plans.adjustments, name="plan_adjustments"),
    path(f"{_PLAN}/top-ups", plans.top_ups, name="plan_top_ups"),
    path(f"{_PLAN}/end", plans.end, name="plan_end"),
    path(f"{_PLAN}/reopenings", plans.reopenings, name="plan_reopenings"),
    path(_MONTH, statements.statement, name="statement"),
    path(f"{_MONTH}/csv", statements.as_csv, name="statement_csv"),
    path(f"{_MONTH}/pdf", statements.as_pdf, name="statement_pdf"),
    path("time", time_log.time_log, name="time_log"),
    path("time/csv", time_log.as_csv, name="time_log_csv"),
    path("time/<str:public_id>", time_log.time_entry, name="time_entry"),
    path("time/<str:public_id>/removal", time_log.removal, name="time_entry_removal"),
    path("settings/allowances", allowances.allowances, name="settings_allowances"),
]
