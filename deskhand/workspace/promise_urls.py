"""Addresses of Settings → Response promise."""

from django.urls import path

from deskhand.workspace.views.settings.promise import holidays, hours, log, on_call, overview, policies

_HERE = "settings/promise"

urlpatterns = [
    path(_HERE, overview.overview, name="settings_promise"),
    path(f"{_HERE}/hours/new", hours.new_hours, name="settings_new_hours"),
    path(f"{_HERE}/hours/<int:hours_id>", hours.hours, name="settings_hours"),
    path(f"{_HERE}/hours/<int:hours_id>/removal", hours.removal, name="settings_hours_removal"),
    path(f"{_HERE}/hours/<int:hours_id>/holidays", holidays.holidays, name="settings_holidays"),
    path(f"{_HERE}/hours/<int:hours_id>/place", holidays.place, name="settings_holidays_place"),
    path(f"{_HERE}/hours/<int:hours_id>/calendar", holidays.calendar, name="settings_holidays_calendar"),
    path(f"{_HERE}/holidays/<int:holiday_id>", holidays.holiday, name="settings_holiday"),
    path(f"{_HERE}/holidays/<int:holiday_id>/removal", holidays.removal, name="settings_holiday_removal"),
    path(f"{_HERE}/holidays/<int:holiday_id>/working", holidays.working, name="settings_holiday_working"),
    path(f"{_HERE}/policies/new", policies.new_policy, name="settings_new_policy"),
    path(f"{_HERE}/policies/<int:policy_id>", policies.policy, name="settings_policy"),
    path(f"{_HERE}/policies/<int:policy_id>/place", policies.place, name="settings_policy_place"),
    path(f"{_HERE}/policies/<int:policy_id>/removal", policies.removal, name="settings_policy_removal"),
    path(f"{_HERE}/on-call", on_call.on_call, name="settings_on_call"),
    path(f"{_HERE}/log", log.log, name="settings_promise_log"),
    path(f"{_HERE}/log/<int:recalculation_id>", log.recalculation, name="settings_recalculation"),
]
