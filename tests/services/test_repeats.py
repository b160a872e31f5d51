"""One tap for what came last week and comes again."""

from datetime import timedelta

from sqlalchemy import func, select

from models.tables import AuditEvent, Entry, Event
from services.actions import repeats, weekly_logs
from services.queries import suggestions
from tests import world
from tests.services.logging_week import TUESDAY, W, add, stored

LAST = W - 1


def told(session, as_, weeks, *titles, username="village_recorder"):
    """Submitted weeks with these meetings on their Tuesdays."""
    for week in weeks:
        actor = as_(username, week.ends_at() + timedelta(hours=1))
        for title in titles:
            add(session, actor, f"{week.label}-{title.encode().hex()}", week=week, day=week.days[1], title=title, minutes=90)
        weekly_logs.submit(session, actor, week=week)


def mine(session):
    rows = select(Event.title).join(Entry, Entry.event_id == Event.id).where(Entry.week == W.monday)
    return sorted(session.scalars(rows.where(Entry.village_code == world.VILLAGE_A1)))


def take(session, as_):
    return repeats.take(session, as_("village_recorder"), week=W)


def test_what_was_logged_last_week_and_is_offered_again_is_taken_with_its_usual_length(session, as_):
    told(session, as_, [LAST - 2, LAST - 1, LAST], "每周例会")
    told(session, as_, [LAST], "防火会", username="recorder_a2")
    add(session, as_("recorder_a2"), "防火".encode().hex(), title="防汛会")
    receipt = take(session, as_)
    assert mine(session) == ["每周例会"]
    entry = session.scalars(select(Entry).where(Entry.week == W.monday, Entry.village_code == world.VILLAGE_A1)).one()
    assert (entry.minutes, entry.people, receipt.subject_id) == (90, 1, entry.event_id)
    assert session.get_one(Event, (world.COUNTY, entry.event_id)).happened_on == TUESDAY


def test_what_a_neighbour_has_entered_again_is_ticked_not_made_anew(session, as_):
    told(session, as_, [LAST], "防火会")
    event_id = add(session, as_("recorder_a2"), title="防火会").subject_id
    assert take(session, as_).subject_id == event_id
    assert session.scalar(select(func.count()).select_from(Event).where(Event.week == W.monday)) == 1


def test_what_nothing_speaks_for_this_week_is_not_made_up(session, as_):
    told(session, as_, [LAST], "一次性的会")
    take(session, as_)
    assert mine(session) == []
    assert stored(session) is None


def test_twice_is_once_and_the_first_receipt_again(session, as_):
    told(session, as_, [LAST - 2, LAST - 1, LAST], "每周例会", "调度会")
    first = take(session, as_)
    version = stored(session).version
    assert take(session, as_).version == first.version == version == 2
    assert mine(session) == ["每周例会", "调度会"]
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject.startswith(W.label))).all()
    assert actions == ["repeats.take"] * 2


def test_offers_say_what_came_last_week_too(session, as_):
    told(session, as_, [LAST - 3, LAST - 2, LAST - 1], "每周例会")
    told(session, as_, [LAST], "防火会")
    for title in ("防火会", "防汛会"):
        add(session, as_("recorder_a2"), title.encode().hex(), title=title)
    rows = suggestions.week(session, as_("village_recorder"), week=W, today=world.TODAY)
    assert {row.title: row.repeats for row in rows} == {"每周例会": False, "防火会": True, "防汛会": False}


def test_a_thing_dropped_after_it_was_taken_can_be_taken_again(session, as_):
    told(session, as_, [LAST - 2, LAST - 1, LAST], "每周例会")
    event_id = take(session, as_).subject_id
    weekly_logs.remove_entry(session, as_("village_recorder"), week=W, event_id=event_id)
    take(session, as_)
    assert mine(session) == ["每周例会"]
