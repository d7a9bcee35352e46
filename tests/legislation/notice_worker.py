"""A worker of its own process: tells what waits, and says after each batch that it is safe."""

import sys
from datetime import datetime

import django

django.setup()

from legislation.services import notices  # noqa: E402

send_some = notices._send_some


def say_so(turn: notices._Turn) -> bool:
    more = send_some(turn)
    print("batch", flush=True)
    return more


notices.PEOPLE_AT_A_TIME = 2
notices._send_some = say_so
print("ready", flush=True)
sys.stdin.readline()
notices.send_notices(now=datetime.fromisoformat(sys.argv[1]))
