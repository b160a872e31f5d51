"""What a password must be. Length counts, not tricks; the upper bound is bcrypt's."""

from models.rules.errors import InvalidInput

SHORTEST = 10
LONGEST_BYTES = 72
LEAST_VARIETY = 4
TELLING_NAME = 4  # a shorter user name may turn up in any password by chance
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else on paper
GROUPS, GROUP = 3, 4


def check_password(password: str, username: str) -> None:
    """InvalidInput at `new`: shorter than 10 characters, longer than 72 bytes, spaces around, unprintable, or easy to guess.

    Easy to guess: fewer than four different characters, or the user name (of four letters or more) in it.
    """
    if len(password) < SHORTEST:
        raise InvalidInput("password_short", field="new", least=SHORTEST)
    if len(password.encode()) > LONGEST_BYTES:
        raise InvalidInput("password_long", field="new", most=LONGEST_BYTES)
    if password != password.strip():
        raise InvalidInput("password_spaces", field="new")
    if not password.isprintable():
        raise InvalidInput("password_unprintable", field="new")
    names_its_owner = len(username) >= TELLING_NAME and username.lower() in password.lower()
    if len(set(password)) < LEAST_VARIETY or names_its_owner:
        raise InvalidInput("password_weak", field="new")


def check_new_password(new: str, repeated: str, *, old: str, username: str) -> None:
    """The same, and: typed twice alike, and not the one in use."""
    check_password(new, username)
    if new != repeated:
        raise InvalidInput("passwords_differ", field="repeated")
    if new == old:
        raise InvalidInput("password_unchanged", field="new")


def initial_password(numbers: bytes) -> str:
    """A password to read out or write down, from random bytes of the caller (12): `k7mn-3xqp-ab9d`."""
    letters = [ALPHABET[number % len(ALPHABET)] for number in numbers[: GROUPS * GROUP]]
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, GROUPS * GROUP, GROUP))
