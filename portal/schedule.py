"""What the worker does by the clock, and which worker does what.

The clock (Celery's beat) only says that it is time: what is due stands in the database, so a message that is lost,
late or doubled does no harm.
"""

from collections.abc import Mapping
from typing import Any

from celery.schedules import crontab

Entry = Mapping[str, Any]


def _every(seconds: int, task: str) -> Entry:
    """A message that no worker took before the next one is due is dropped: they would only pile up."""
    return {"task": task, "schedule": float(seconds), "options": {"expires": seconds}}


def _surely_every(seconds: int, task: str) -> Entry:
    """The same for what must get its turn also where workers are always late."""
    return {"task": task, "schedule": float(seconds)}


def _at(time: crontab, task: str) -> Entry:
    """By the wall clock of Chicago."""
    return {"task": task, "schedule": time}


# What takes minutes has queues of its own, so that the short tasks, whose result people wait for, find a free worker.
QUEUES: dict[str, list[str]] = {
    "bulk": [
        "mailing.tasks.send_batches",
    ],
    "background": [
        "mailing.tasks.send_notices",
        "legislation.tasks.run_sync",
        "legislation.tasks.tell_followers",
        "legislation.tasks.write_position_requests",
        "legislation.tasks.send_digests",
        "surveys.tasks.write_invitations",
        "meetings.tasks.tell_of_changes",
        "trainings.tasks.tell_of_changes",
        "trainings.tasks.pack_certificates",
        "research.tasks.check_source",
        "research.tasks.check_sources",
        "research.tasks.make_district_sheets",
        "research.tasks.mark_stale_fact_sheets",
        "campaigns.tasks.write_reports",
    ],
}

SCHEDULE: dict[str, Entry] = {
    # Mail
    "send the outbox": _every(15, "mailing.tasks.send_outbox"),
    "send notices": _every(30, "mailing.tasks.send_notices"),
    "pump mailings": _surely_every(10, "mailing.tasks.pump_mailings"),
    "settle expired leases": _surely_every(30, "mailing.tasks.settle_expired_leases"),
    "purge unconfirmed subscriptions": _at(
        crontab(hour=3, minute=15), "mailing.tasks.purge_unconfirmed_subscriptions"
    ),
    # Every week's first run writes all of them; the next ones finish what a stopped worker left.
    "send weekly summaries": _at(
        crontab(day_of_week="mon", hour="7-11", minute=5), "mailing.tasks.send_weekly_summaries"
    ),
    # Partners
    "purge abandoned join forms": _at(
        crontab(hour=3, minute=20), "partners.tasks.purge_abandoned_applications"
    ),
    # The legislature
    "ask for positions": _every(60, "legislation.tasks.write_position_requests"),
    "tell followers": _surely_every(30, "legislation.tasks.tell_followers"),
    "take up forgotten imports": _surely_every(60, "legislation.tasks.take_up_forgotten"),
    "read the legislature every night": _at(crontab(hour=2, minute=20), "legislation.tasks.request_nightly"),
    "read the legislature every hour in session": _at(crontab(minute=5), "legislation.tasks.request_hourly"),
    "match slips with partners again": _at(crontab(hour=3, minute=40), "legislation.tasks.rematch_slips"),
    "send digests": _at(crontab(hour=7, minute=2), "legislation.tasks.send_digests"),
    # Surveys
    "write invitations to surveys": _every(60, "surveys.tasks.write_invitations"),
    "remind of surveys": _at(crontab(day_of_week="mon-fri", hour=9, minute=20), "surveys.tasks.remind"),
    # Councils and events
    "remind of events": _every(60, "meetings.tasks.remind"),
    "tell of moved events": _every(60, "meetings.tasks.tell_of_changes"),
    "warn of ending terms": _at(crontab(hour=8, minute=5), "meetings.tasks.warn_of_ending_terms"),
    "after events": _at(crontab(hour="8-19", minute="*/5"), "meetings.tasks.after_events"),
    "remove old attendance reports": _at(crontab(hour=3, minute=25), "meetings.tasks.remove_old_reports"),
    # Trainings
    "tell of moved trainings": _every(60, "trainings.tasks.tell_of_changes"),
    "keep seats of trainings": _every(60, "trainings.tasks.keep_seats"),
    "take up certificate packages": _every(60, "trainings.tasks.take_up_packages"),
    "remind of trainings": _every(60, "trainings.tasks.remind"),
    "follow up sessions of trainings": _every(900, "trainings.tasks.follow_up_sessions"),
    "remove old certificate packages": _at(crontab(hour=3, minute=28), "trainings.tasks.remove_old_packages"),
    "send group digests": _at(crontab(hour=7, minute=20), "trainings.tasks.send_group_digests"),
    "look after fees and scholarships": _at(crontab(hour=9, minute=40), "trainings.tasks.look_after_money"),
    # Research
    "release reports": _every(30, "research.tasks.release_due"),
    "take up fact sheets": _every(60, "research.tasks.take_up_fact_sheets"),
    "send announcements": _every(60, "research.tasks.send_due_announcements"),
    "mark stale fact sheets": _at(crontab(hour=4, minute=35), "research.tasks.mark_stale_fact_sheets"),
    "suggest citations": _at(crontab(hour=3, minute=45), "research.tasks.suggest_citations"),
    "check sources of findings": _at(
        crontab(day_of_week="sun", hour=4, minute=10), "research.tasks.check_sources"
    ),
    # Campaigns
    "follow the legislature": _every(60, "campaigns.tasks.follow_legislature"),
    "mail legislators": _every(60, "campaigns.tasks.mail_legislators"),
    "write results": _every(60, "campaigns.tasks.write_reports"),
    "publish what is due": _surely_every(30, "campaigns.tasks.publish_due"),
    "judge A/B tests": _surely_every(60, "campaigns.tasks.judge_tests"),
    "advance series": _surely_every(180, "campaigns.tasks.advance_series"),
    "send reminders": _surely_every(300, "campaigns.tasks.send_reminders"),
    "ask about legislators' replies": _at(
        crontab(hour="8-17", minute=25), "campaigns.tasks.ask_about_replies"
    ),
    "purge unconfirmed actions": _at(crontab(hour=3, minute=10), "campaigns.tasks.purge_unconfirmed"),
}
