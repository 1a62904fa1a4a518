"""Addresses of the settings, the mail log and one's own profile."""

from django.urls import include, path

from deskhand.workspace.views import mail_log, profile
from deskhand.workspace.views.settings import agents, categories, general, index, statuses, tags, teams, tickets

urlpatterns = [
    path("", include("deskhand.workspace.outgoing_urls")),
    path("settings", index.index, name="settings"),
    path("settings/general", general.general, name="settings_general"),
    path("settings/tickets", tickets.tickets, name="settings_tickets"),
    path("settings/statuses", statuses.statuses, name="settings_statuses"),
    path("settings/statuses/<int:status_id>", statuses.status, name="settings_status"),
    path("settings/statuses/<int:status_id>/place", statuses.place, name="settings_status_place"),
    path("settings/statuses/<int:status_id>/removal", statuses.removal, name="settings_status_removal"),
    path("settings/categories", categories.categories, name="settings_categories"),
    path("settings/categories/<int:category_id>", categories.category, name="settings_category"),
    path("settings/categories/<int:category_id>/place", categories.place, name="settings_category_place"),
    path("settings/tags", tags.tags, name="settings_tags"),
    path("settings/tags/<int:tag_id>", tags.tag, name="settings_tag"),
    path("settings/tags/<int:tag_id>/removal", tags.removal, name="settings_tag_removal"),
    path("settings/agents", agents.agents, name="settings_agents"),
    path("settings/agents/new", agents.new_agent, name="settings_new_agent"),
    path("settings/agents/<int:agent_id>", agents.agent, name="settings_agent"),
    path("settings/agents/<int:agent_id>/role", agents.role, name="settings_agent_role"),
    path("settings/agents/<int:agent_id>/activity", agents.activity, name="settings_agent_activity"),
    path("settings/agents/<int:agent_id>/sign-in-link", agents.link, name="settings_agent_link"),
    path("settings/teams", teams.teams, name="settings_teams"),
    path("settings/teams/<int:team_id>", teams.team, name="settings_team"),
    path("settings/teams/<int:team_id>/members", teams.members, name="settings_team_members"),
    path("settings/mail", mail_log.log, name="mail_log"),
    path("settings/mail/in/<int:mail_id>", mail_log.came_in, name="mail_in"),
    path("settings/mail/in/<int:mail_id>/body", mail_log.body_in, name="mail_in_body"),
    path("settings/mail/in/<int:mail_id>/raw", mail_log.raw, name="mail_raw"),
    path("settings/mail/out/<int:mail_id>", mail_log.went_out, name="mail_out"),
    path("settings/mail/out/<int:mail_id>/body", mail_log.body_out, name="mail_out_body"),
    path("profile", profile.profile, name="profile"),
    path("profile/password", profile.password, name="profile_password"),
    path("profile/sessions", profile.sessions, name="profile_sessions"),
]
