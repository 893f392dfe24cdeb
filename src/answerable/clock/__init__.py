"""Statutory deadlines under FOIA and FOISA, with the working day by day and the rule behind each.

Stands after the survey folder and before asking: drafts, reminders and the status board take their dates from
here. The trap is the calendar: an English authority's working days leave out a bank holiday in any part of the
United Kingdom, so St Patrick's Day in Belfast moves a deadline in Kent; a Scottish authority's leave out
Scotland's only.
"""

from answerable.clock.deadlines import Deadline, Event, find_deadlines
from answerable.clock.workdays import Calendar, Day, add_working_days, load_calendar

__all__ = ["Calendar", "Day", "Deadline", "Event", "add_working_days", "find_deadlines", "load_calendar"]
