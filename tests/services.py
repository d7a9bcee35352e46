"""A pytest plugin, loaded before settings are: real PostgreSQL and Redis of the run's own.

The process that was started first starts them once; the parallel workers find their addresses in the environment,
and each gets a Redis database and (by pytest-django) a PostgreSQL database for itself. The fonts of PDFs, which take
seconds to cut, are cut once for all.
"""

import atexit
import os
import shutil
import tempfile

worker = os.environ.get("PYTEST_XDIST_WORKER", "")

os.environ["PORTAL_MODE"] = "test"
if "PORTAL_TEST_REDIS" not in os.environ:
    from portal.embedded.services import EmbeddedServices

    services = EmbeddedServices(test=True).start()
    os.environ["DATABASE_URL"] = services.database_url
    os.environ["PORTAL_TEST_REDIS"] = services.redis_url

number = int(worker.removeprefix("gw") or 0) + 1 if worker else 0
os.environ["REDIS_URL"] = os.environ["PORTAL_TEST_REDIS"].rsplit("/", 1)[0] + f"/{number}"
os.environ["PORTAL_VAR"] = tempfile.mkdtemp(prefix=f"portal-test-{worker or 'main'}-")
atexit.register(shutil.rmtree, os.environ["PORTAL_VAR"], ignore_errors=True)
if "PORTAL_TEST_FONTS" not in os.environ:
    os.environ["PORTAL_TEST_FONTS"] = tempfile.mkdtemp(prefix="portal-test-fonts-")
    atexit.register(shutil.rmtree, os.environ["PORTAL_TEST_FONTS"], ignore_errors=True)
os.symlink(os.environ["PORTAL_TEST_FONTS"], os.path.join(os.environ["PORTAL_VAR"], "fonts"))
