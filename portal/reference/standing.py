"""The call to action that takes stories at any time; staff may reword it or put another in its place."""

from datetime import timedelta

# It has no end. The database wants a day, so it gets one far away.
OPEN_FOR = timedelta(days=365 * 100)

STANDING_CALL = {
    "title": "Share your story",
    "slug": "share-your-story",
    "kind": "story",
    "ask": "Tell us of your work in human services, or of what a service changed for you or your family.",
    "why": (
        "<p>Numbers say how much. People say what it means. A story from your work or your life shows a lawmaker, a "
        "reporter or a neighbor what human services build, and what happens where they are missing.</p>"
        "<p>Partners can share their work here too: a program that returns more than it costs, a team that "
        "learned something others need, a day that shows the skill behind the job.</p>"
    ),
    "consent_text": (
        "We use your story only as you allow it here, and your address only to write to you about it. "
        "You can withdraw your story at any time."
    ),
    "status": "published",
    "is_standing": True,
}
