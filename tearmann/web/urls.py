"""Where each page is. URLs carry references, never keys."""

from __future__ import annotations

from django.urls import URLPattern, path

from tearmann.web.views import (
    case,
    desk,
    payload,
    people,
    profile,
    quarantine,
    queue,
    restriction,
    search,
    sign_in,
    teams,
    upload,
)

urlpatterns: list[URLPattern] = [
    # Who is there.
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("password/", sign_in.password, name="password"),
    # The work.
    path("", queue.queue, name="queue"),
    path("search/", search.search, name="search"),
    path("search/<str:digest>/", search.results, name="search-results"),
    path("cases/<str:reference>/", case.case, name="case"),
    path("cases/<str:reference>/sheet/", case.sheet, name="sheet"),
    path("cases/<str:reference>/references/", case.add_reference, name="add-reference"),
    path("cases/<str:reference>/alerts-seen/", case.alerts_seen, name="alerts-seen"),
    path("cases/<str:reference>/restriction/", restriction.restriction, name="restriction"),
    path("cases/<str:reference>/payloads/<str:sha256>/", payload.payload, name="payload"),
    # What comes in, people and teams, the profile.
    path("desk/new/", desk.desk, name="desk"),
    path("desk/received/<str:sha256>/", desk.received, name="desk-received"),
    path("upload/", upload.upload, name="upload"),
    path("quarantine/", quarantine.quarantine, name="quarantine"),
    path("quarantine/<str:sha256>/", quarantine.quarantined, name="quarantined"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new-person"),
    path("people/<path:sign_in>/", people.person, name="person"),
    path("teams/", teams.teams, name="teams"),
    path("profile/", profile.profile, name="profile"),
    path("policy/", profile.policy, name="policy"),
]
