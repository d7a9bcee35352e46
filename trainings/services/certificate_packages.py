"""The job that packs all certificates of a session into one file: asked for once, taken up again after a crash.

One worker at a time packs. It says after each certificate how far it is; whatever kills it, the next one begins anew.
"""

import tempfile
from datetime import datetime, timedelta

import structlog
import typst
from django.core.files import File
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing.locks import the_only_one
from mailing.queueing import queue, queue_after_commit
from partners.errors import NotAllowed
from partners.models import User
from trainings.certificate_files import pack
from trainings.models import Certificate, CertificatePackage, Session
from trainings.services.waiting import held_session

logger = structlog.get_logger(__name__)

# The key of the lock that the worker holds.
PACKING = 117_0924
# Whatever kills its worker each time must not do so for ever.
MOST_ATTEMPTS = 3
# How long a file lies ready.
KEPT_FOR = timedelta(days=7)
_State = CertificatePackage.State


@transaction.atomic
def request_package(*, session: Session, by: User | None, now: datetime) -> CertificatePackage:
    """Has a worker pack the session's certificates; asked for twice it is the same job. Raises `NotAllowed`."""
    from trainings.tasks import pack_certificates

    held = held_session(session)
    under_way = held.certificate_packages.filter(state__in=[_State.WAITING, _State.RUNNING]).first()
    if under_way is not None:
        return under_way
    total = valid_certificates(held).count()
    if not total:
        raise NotAllowed(_("Nobody has a certificate of this session yet."))
    package = CertificatePackage.objects.create(session=held, total=total, asked_at=now, asked_by=by)
    queue_after_commit(pack_certificates, package.pk)
    return package


def valid_certificates(session: Session) -> QuerySet[Certificate]:
    """The certificates of a session that hold."""
    return Certificate.objects.filter(enrollment__session=session, revoked_at=None)


def is_current(package: CertificatePackage) -> bool:
    """Whether the file still says what holds: nothing was issued or revoked since it was asked for."""
    changed = Q(issued_at__gt=package.asked_at) | Q(revoked_at__gt=package.asked_at)
    return not Certificate.objects.filter(changed, enrollment__session=package.session_id).exists()


def take_up_forgotten(*, now: datetime) -> int:
    """Queues jobs that broke off with their worker or were never begun. Returns how many."""
    from trainings.tasks import pack_certificates

    forgotten = list(CertificatePackage.objects.forgotten(now).values_list("pk", flat=True))
    for pk in forgotten:
        queue(pack_certificates, pk)
    return len(forgotten)


def remove_old(*, now: datetime) -> int:
    """Removes files that lay ready long enough, with their jobs. Returns how many."""
    old = list(CertificatePackage.objects.old(now - KEPT_FOR))
    for package in old:
        _remove(package)
    return len(old)


def _remove(package: CertificatePackage) -> None:
    package.file.delete(save=False)
    package.delete()


# --- The work ------------------------------------------------------------------------------------------------------


def work(*, package_id: int) -> CertificatePackage | None:
    """Packs the certificates of one job. None when another worker is at it, or nothing is to do."""
    with the_only_one(PACKING) as alone:
        package = _claim(package_id) if alone else None
        if package is None:
            return None
        try:
            _pack(package)
        except (typst.TypstError, OSError, ValueError, LookupError) as error:
            logger.warning("certificates not packed", package=package_id, error=str(error))
            package.state, package.error = _State.FAILED, " ".join(str(error).split())[:300]
        package.ended_at = timezone.now()
        package.save()
        if package.state == _State.DONE:
            earlier = package.session.certificate_packages.exclude(pk=package.pk)
            for one in earlier.filter(state__in=[_State.DONE, _State.FAILED]):
                _remove(one)
        return package


@transaction.atomic
def _claim(package_id: int) -> CertificatePackage | None:
    """Takes the job. Whoever had it before is gone: it would hold the lock."""
    package = CertificatePackage.objects.select_for_update(of=("self",)).filter(pk=package_id).first()
    if package is None or not package.is_under_way:
        return None
    package.seen_at = timezone.now()
    if package.attempts >= MOST_ATTEMPTS:
        package.state, package.ended_at = _State.FAILED, package.seen_at
        package.error = _("Its worker died %(n)d times, so it is not tried again.") % {"n": package.attempts}
        package.save()
        return None
    package.state, package.done = _State.RUNNING, 0
    package.attempts += 1
    package.save()
    return package


def _pack(package: CertificatePackage) -> None:
    """Writes the file. Each certificate is counted at once, so that staff see how far it is."""
    certificates = list(valid_certificates(package.session).order_by("name", "pk"))
    package.total = len(certificates)
    if not certificates:
        raise ValueError(_("All certificates of this session were revoked meanwhile."))
    row = CertificatePackage.objects.filter(pk=package.pk)
    with tempfile.TemporaryFile() as file:
        for number in pack(file, certificates):
            package.done = number
            row.update(done=number, total=package.total, seen_at=timezone.now())
        file.seek(0)
        package.file.save(f"certificates-{package.session_id}-{package.pk}.zip", File(file), save=False)
    package.state = _State.DONE
