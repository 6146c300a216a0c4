"""What is worked on together: forums, matters, the action plan, meetings and the calendar.

``forums`` stands first, ``matters`` rests on it, ``plan`` on both, ``meetings`` on these and ``calendar`` on meetings.
"""

from lagesbild.cooperation.models.calendar import Booking, Event, EventKind, Question, Room, StaffedHours
from lagesbild.cooperation.models.forums import Forum, ForumLevel, ForumMember, Participation
from lagesbild.cooperation.models.matters import (
    Feedback,
    Matter,
    MatterState,
    Raiser,
    Step,
    StepKind,
)
from lagesbild.cooperation.models.meetings import (
    Addendum,
    AgendaTemplate,
    Attendance,
    Decision,
    Feed,
    Meeting,
    MeetingState,
    Point,
    PointKind,
    Presence,
    Task,
)
from lagesbild.cooperation.models.plan import Action, ActionChange, ActionState, ActionType, Evidence

__all__ = [
    "Action",
    "ActionChange",
    "ActionState",
    "ActionType",
    "Addendum",
    "AgendaTemplate",
    "Attendance",
    "Booking",
    "Decision",
    "Event",
    "EventKind",
    "Evidence",
    "Feed",
    "Feedback",
    "Forum",
    "ForumLevel",
    "ForumMember",
    "Matter",
    "MatterState",
    "Meeting",
    "MeetingState",
    "Participation",
    "Point",
    "PointKind",
    "Presence",
    "Question",
    "Raiser",
    "Room",
    "StaffedHours",
    "Step",
    "StepKind",
    "Task",
]
