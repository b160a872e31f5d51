"""What tests of signing in and of sessions do: wrong tries, a sign-in, the ticket's exchange for a cookie."""

from datetime import timedelta

from services.access import anonymous
from services.actions import sign_in
from tests import world

IDLE, WHOLE = timedelta(minutes=30), timedelta(hours=12)
SECOND = timedelta(seconds=1)


def fail(session, username, times, now=world.NOW):
    for _ in range(times):
        sign_in.attempt(session, anonymous(now), username=username)
        sign_in.refuse(session, anonymous(now), username=username)


def enter(session, username="task_force", session_id="fresh", ticket="the ticket", now=world.NOW):
    return sign_in.succeed(
        session, anonymous(now), username=username, compared=world.PASSWORD_HASH, session_id=session_id, ticket=ticket
    )


def claim(session, ticket="the ticket", cookie="the cookie", now=world.NOW):
    return sign_in.claim_cookie(session, anonymous(now), ticket=ticket, cookie=cookie)


def whose(session, cookie="the cookie"):
    return sign_in.session_of_cookie(session, anonymous(world.NOW), cookie=cookie)
