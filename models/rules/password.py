"""What a password must be. Length counts, not tricks; the upper bound is bcrypt's."""

from models.rules.errors import InvalidInput

SHORTEST = 10
LONGEST_BYTES = 72


def check_password(password: str, username: str) -> None:
    """InvalidInput when too short (10 characters), too long (72 bytes), one repeated character, or holding the name."""
    if len(password) < SHORTEST:
        raise InvalidInput("password_short", field="new", least=SHORTEST)
    if len(password.encode()) > LONGEST_BYTES:
        raise InvalidInput("password_long", field="new", most=LONGEST_BYTES)
    if password != password.strip():
        raise InvalidInput("password_spaces", field="new")
    if len(set(password)) < 4 or username.lower() in password.lower():
        raise InvalidInput("password_weak", field="new")
