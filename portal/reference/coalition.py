"""The coalition's own facts, its four pillars, and the mail people can choose.

Names, address and phone are the coalition's public ones. The e-mail address is a reserved one on purpose:
staff enter the real one in the admin before the first mail goes out.
"""

SAMPLE_EMAIL = "info@illinoispartners.example"

COALITION: dict[str, str] = {
    "name": "Illinois Partners for Human Service",
    "short_name": "Illinois Partners",
    "tagline": "Human services matter to everyone, in every community of Illinois.",
    "mission": (
        "We bring the people of Illinois human services together so that they speak with one voice. With "
        "our coalition partners we work for services of high quality, funding that covers what they cost, "
        "and results that can be measured, so that everyone in Illinois can reach their potential."
    ),
    "about": (
        "Illinois Partners is a statewide coalition of community-based human service organizations. Partners "
        "counsel families, care for children and older adults, find homes and jobs for people, and help them "
        "recover from illness and crisis.\n\n"
        "The residents of Illinois are its greatest asset. The network of services that supports them needs "
        "what every network needs: good management, upkeep and renewal. We listen to the organizations that "
        "do the work, carry what they know to the people who decide, and give each of them a way to join in."
    ),
    "street": "33 W. Grand Ave., Suite 300",
    "city_line": "Chicago, IL 60654",
    "phone": "312-243-1913",
    "email": SAMPLE_EMAIL,
}

PILLARS: tuple[tuple[str, str, str], ...] = (
    (
        "collective-voice",
        "Speak with a collective voice",
        "It begins with listening. We ask the partners who work in communities what they see, and carry it "
        "further than any one of them could alone. A sector that speaks together breaks down silos, wins "
        "investment, and helps communities thrive.",
    ),
    (
        "public-investment",
        "Advocate for robust public investment",
        "A state budget shows what a state believes in. We press decision makers to fund all human services "
        "boldly and fairly, because a community's health and well-being rest on services that are well "
        "supported.",
    ),
    (
        "essential-value",
        "Promote the essential value of human services",
        "Human services matter to everyone, everywhere. We make the tools that advance equity, show what the "
        "sector faces, and help the public see what these services build in our communities.",
    ),
    (
        "root-causes",
        "Address the root causes of inequity",
        "Unfairness that was built into society and into our own sector has to be changed where it starts. "
        "Our advocacy names the part that systemic racism plays in state government, in how services and "
        "their workforce are organized, and in the communities our partners serve.",
    ),
)
"""Short name, name and statement, in the order in which the agenda tells them."""

TOPICS: tuple[tuple[str, str, str], ...] = (
    (
        "action-alerts",
        "Action alerts",
        "A short message when your name or your call can make a difference, with what to do and by when.",
    ),
    (
        "issue-of-the-week",
        "Issue of the Week",
        "One story a week about the people who provide human services, and what would help them.",
    ),
    (
        "coalition-news",
        "Coalition news",
        "What Illinois Partners is working on: campaigns, results and ways to join in.",
    ),
)
"""Short name, name and what one gets."""
