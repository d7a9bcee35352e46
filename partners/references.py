"""References and codes that people read out, type and quote."""

import random
import secrets

# No sign that looks like another one: 0 and O, 1, I and L.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

_CHANCE = secrets.SystemRandom()


def random_code(length: int, chance: random.Random = _CHANCE) -> str:
    """So many signs that nobody can guess, such as `4WPZK82C`; sample data hands in its own `chance`."""
    return "".join(chance.choices(SIGNS, k=length))
