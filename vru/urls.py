"""Every address of the site. Pages live in the apps; this is where they meet."""

from django.urls import include, path

from grants.views.finding.search import search
from grants.views.programmes.pages import programme_detail
from vru.accounts.views import email_addresses
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <ref:…>
from vru.pages import administration, api_guide, home, invitations, keys, notifications, outbox, public

urlpatterns = [
    path("", home.home, name="home"),
    path("programmes/", include("programmes.urls")),
    path("programmes/<ref:ref>/", programme_detail, name="programme"),
    path("programmes/", include("grants.programme_urls")),
    path("decisions/", include("grants.decision_urls")),
    path("strategy/", include("programmes.strategy_urls")),
    path("grants/", include("grants.urls")),
    path("returns/", include("grants.return_urls")),
    path("organisations/", include("grants.organisation_urls")),
    path("saved-views/", include("vru.accounts.saved_view_urls")),
    path("search/", search, name="search"),
    path("areas/", include("evaluation.area_urls")),
    path("exports/", include("grants.export_urls")),
    path("money/", include("programmes.money_urls")),
    path("money/", include("grants.money_urls")),
    path("money/", include("evaluation.money_urls")),
    path("", include("evaluation.urls")),
    path("organisation/", include("vru.accounts.urls")),
    path("organisation/<ref:ref>/people/", invitations.people, name="organisation-people"),
    path(
        "organisation/<ref:ref>/people/<int:membership_id>/remove/",
        invitations.member_remove,
        name="organisation-member-remove",
    ),
    path(
        "organisation/<ref:ref>/people/invitations/<int:invitation_id>/send/",
        invitations.invitation_send,
        name="invitation-send",
    ),
    path(
        "organisation/<ref:ref>/people/invitations/<int:invitation_id>/withdraw/",
        invitations.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path("invitation/<ref:secret>/", invitations.invitation, name="invitation"),
    path("administration/", administration.administration, name="administration"),
    path("administration/people/", administration.people, name="administration-people"),
    path("administration/organisations/", administration.organisations, name="administration-organisations"),
    path("administration/jobs/", administration.jobs, name="administration-jobs"),
    path("administration/audit/", administration.audit, name="administration-audit"),
    path(
        "administration/audit/export/<export_format:file_format>/",
        administration.audit_export,
        name="administration-audit-export",
    ),
    path("administration/changes/", administration.changes, name="administration-changes"),
    path("administration/keys/", keys.keys, name="administration-keys"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:message_id>/", outbox.message, name="outbox-message"),
    path("outbox/<int:message_id>/send/", outbox.message_send, name="outbox-send"),
    path("notifications/", notifications.notification_list, name="notifications"),
    path("notifications/preferences/", notifications.preferences, name="notification-preferences"),
    path("notifications/read/", notifications.notifications_read, name="notifications-read"),
    path("notifications/<int:notification_id>/open/", notifications.notification_open, name="notification-open"),
    path("notifications/<int:notification_id>/read/", notifications.notification_read, name="notification-read"),
    path("api/", include("vru.api_urls")),
    # Before the library's own page of the same address, which would let anybody take any address unproved.
    path("account/email/", email_addresses, name="account_email"),
    path("account/", include("allauth.urls")),
    path("help/", public.page, {"name": "help"}, name="help"),
    path("help/api/", api_guide.api_guide, name="api-guide"),
    path("accessibility/", public.page, {"name": "accessibility"}, name="accessibility"),
    path("privacy/", public.page, {"name": "privacy"}, name="privacy"),
    path("cookies/", public.page, {"name": "cookies"}, name="cookies"),
    path("health/", public.alive, name="health"),
    path("ready/", public.ready, name="ready"),
]
