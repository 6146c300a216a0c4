"""Addresses of this subject."""

from django.urls import URLPattern, URLResolver, path

from lagesbild.cooperation.views import (
    actions,
    calendar,
    feeds,
    forums,
    forums_attendance,
    matters,
    matters_deeds,
    matters_raise,
    meetings,
    meetings_briefing,
    meetings_holding,
    plan,
    plan_bulk,
    plan_edit,
    plan_evidence,
    plan_files,
)

app_name = "cooperation"
urlpatterns: list[URLPattern | URLResolver] = []

urlpatterns += [
    path("matters/", matters.desk, name="matters"),
    path("matters/matters.csv", matters.desk_csv, name="matters_csv"),
    path("matters/matters.geojson", matters.desk_geojson, name="matters_geojson"),
    path("matters/raise/", matters_raise.matter_raise, name="matter_raise"),
    path("matters/mine/", matters.mine, name="matters_mine"),
    path("matters/mine/<int:number>/", matters.raised, name="raised"),
    path("matters/mine/<int:number>/answer/", matters_raise.answer, name="matter_answer"),
    path("matters/<int:number>/", matters.matter, name="matter"),
    path("matters/<int:number>/join/", matters_raise.matter_join, name="matter_join"),
    path("matters/<int:number>/<slug:code>/", matters_deeds.matter_deed, name="matter_deed"),
]

urlpatterns += [
    path("actions/", plan.actions, name="actions"),
    path("actions/actions.csv", plan_files.actions_csv, name="actions_csv"),
    path("actions/actions.xlsx", plan_files.actions_xlsx, name="actions_xlsx"),
    path("actions/actions.docx", plan_files.actions_docx, name="actions_docx"),
    path("actions/actions.geojson", plan_files.actions_geojson, name="actions_geojson"),
    path("actions/new/", plan_edit.action_new, name="action_new"),
    path("actions/bulk/", plan_bulk.actions_bulk, name="actions_bulk"),
    path("actions/<int:number>/", actions.action, name="action"),
    path("actions/<int:number>/edit/", plan_edit.action_edit, name="action_edit"),
    path("actions/<int:number>/waits-for/", plan_edit.action_depends, name="action_depends"),
    path("actions/<int:number>/evidence/", plan_evidence.evidence_add, name="evidence_add"),
    path("actions/<int:number>/evidence/<int:pk>/", plan_evidence.evidence_file, name="evidence_file"),
    path("actions/<int:number>/evidence/<int:pk>/remove/", plan_evidence.evidence_remove, name="evidence_remove"),
    path("actions/<int:number>/<slug:code>/", actions.action_turn, name="action_turn"),
]

urlpatterns += [
    path("forums/", forums.forums, name="forums"),
    path("forums/new/", forums.forum_new, name="forum_new"),
    path("forums/<slug:slug>/", forums.forum, name="forum"),
    path("forums/<slug:slug>/edit/", forums.forum_edit, name="forum_edit"),
    path("forums/<slug:slug>/end/", forums.forum_retire, name="forum_retire"),
    path("forums/<slug:slug>/agenda/", forums.forum_agenda, name="forum_agenda"),
    path("forums/<slug:slug>/members/", forums.forum_member_add, name="forum_member_add"),
    path("forums/<slug:slug>/members/<int:pk>/end/", forums.forum_member_end, name="forum_member_end"),
    path("forums/<slug:slug>/attendance/", forums_attendance.forum_attendance, name="forum_attendance"),
    path("forums/<slug:slug>/meetings/", meetings.forum_meetings, name="forum_meetings"),
    path("forums/<slug:slug>/meetings/new/", meetings.meeting_new, name="meeting_new"),
]
MEETING = "meetings/<int:pk>/"
urlpatterns += [
    path(MEETING, meetings.meeting, name="meeting"),
    path(f"{MEETING}move/", meetings.meeting_move, name="meeting_move"),
    path(f"{MEETING}cancel/", meetings.meeting_cancel, name="meeting_cancel"),
    path(f"{MEETING}minutes.pdf", meetings.minutes_pdf, name="minutes_pdf"),
    path(f"{MEETING}minutes.docx", meetings.minutes_docx, name="minutes_docx"),
    path(f"{MEETING}open/", meetings_holding.meeting_open, name="meeting_open"),
    path(f"{MEETING}close/", meetings_holding.meeting_close, name="meeting_close"),
    path(f"{MEETING}attendance/", meetings_holding.meeting_attendance, name="meeting_attendance"),
    path(f"{MEETING}agenda/", meetings_holding.meeting_agenda, name="meeting_agenda"),
    path(f"{MEETING}points/<int:point>/start/", meetings_holding.point_start, name="point_start"),
    path(f"{MEETING}points/<int:point>/notes/", meetings_holding.point_notes, name="point_notes"),
    path(f"{MEETING}decisions/", meetings_holding.meeting_decide, name="meeting_decide"),
    path(f"{MEETING}decisions/<int:decision>/withdraw/", meetings_holding.decision_withdraw, name="decision_withdraw"),
    path(f"{MEETING}matters/<int:number>/", meetings_holding.meeting_matter, name="meeting_matter"),
    path(f"{MEETING}corrections/", meetings_holding.meeting_correct, name="meeting_correct"),
    path(f"{MEETING}briefing/", meetings_briefing.briefing, name="briefing"),
    path(f"{MEETING}briefing.pdf", meetings_briefing.briefing_pdf, name="briefing_pdf"),
    path(f"{MEETING}briefing/edit/", meetings_briefing.briefing_edit, name="briefing_edit"),
    path(f"{MEETING}tasks/<int:organisation>/<int:function>/", meetings_briefing.task_edit, name="task_edit"),
]
urlpatterns += [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/events/new/", calendar.event_new, name="event_new"),
    path("calendar/events/<int:pk>/", calendar.event, name="event"),
    path("calendar/events/<int:pk>/edit/", calendar.event_edit, name="event_edit"),
    path("calendar/events/<int:pk>/questions/", calendar.event_ask, name="event_ask"),
    path("calendar/events/<int:pk>/questions/<int:question>/", calendar.event_answer, name="event_answer"),
    path("calendar/events/<int:pk>/after/", calendar.event_note, name="event_note"),
    path("calendar/events/<int:pk>/call/", calendar.event_call, name="event_call"),
    path("rooms/<slug:slug>/", calendar.room, name="room"),
    path("rooms/bookings/<int:pk>/cancel/", calendar.booking_cancel, name="booking_cancel"),
    path("rooms/bookings/<int:pk>/count/", calendar.booking_count, name="booking_count"),
    path("feeds/", feeds.feeds, name="feeds"),
    path("feeds/<int:pk>/revoke/", feeds.feed_revoke, name="feed_revoke"),
    path("feeds/<str:secret>/forum.ics", feeds.feed, name="feed"),
]
