"""Partners, mail, and the coalition's own facts."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.models import UnconfirmedAction
from mailing.models import Delivery, Installation, Mailing, OutboxMessage, Subscription, Suppression, Topic
from partners.models import (
    Ally,
    Area,
    Coalition,
    County,
    Invitation,
    JoinApplication,
    Membership,
    Organization,
    Person,
    ProfileAnswer,
    SubSector,
    TeamMember,
    UnderrepresentedSubSector,
    User,
)
from portal.navigation.item import Item, item
from surveys.models import OutreachTouch


def partners(request: HttpRequest) -> list[Item]:
    waiting = JoinApplication.objects.waiting().count()
    join = item(request, _("Join requests"), "how_to_reg", JoinApplication)
    if waiting:
        join |= {"badge": str(waiting), "badge_variant": "danger"}
    outreach = item(request, _("Outreach priority"), "connect_without_contact", OutreachTouch)
    if outreach and not request.user.has_perm("surveys.view_response"):
        outreach = {}
    if outreach:
        outreach |= {"link": reverse("admin:surveys_outreachtouch_priority")}
    return [
        join,
        item(request, _("Organizations"), "corporate_fare", Organization),
        outreach,
        item(request, _("People"), "group", Person),
        item(request, _("Memberships"), "badge", Membership),
        item(request, _("Invitations"), "mail", Invitation),
        item(request, _("Profile answers"), "ballot", ProfileAnswer),
    ]


def mail(request: HttpRequest) -> list[Item]:
    return [
        item(request, _("How mail is doing"), "monitor_heart", Installation),
        item(request, _("Mailings"), "outgoing_mail", Mailing),
        item(request, _("Deliveries"), "local_post_office", Delivery),
        item(request, _("Outbox"), "outbox", OutboxMessage),
        item(request, _("Subscriptions"), "mark_email_read", Subscription),
        item(request, _("Suppressed addresses"), "unsubscribe", Suppression),
        item(request, _("Topics"), "label", Topic),
        item(request, _("Unconfirmed actions"), "pending", UnconfirmedAction),
    ]


def coalition(request: HttpRequest) -> list[Item]:
    return [
        item(request, _("Facts and goals"), "info", Coalition),
        item(request, _("Board and staff"), "diversity_3", TeamMember),
        item(request, _("Allies"), "handshake", Ally),
        item(request, _("Areas"), "map", Area),
        item(request, _("Counties"), "location_on", County),
        item(request, _("Sub-sectors"), "category", SubSector),
        item(request, _("Underrepresented sub-sectors"), "balance", UnderrepresentedSubSector),
        item(request, _("Logins"), "key", User),
    ]
