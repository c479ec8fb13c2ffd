"""What npm says went wrong, told in one sentence without its dump and without addresses."""

from __future__ import annotations

import contextlib
import errno
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.errors import PackageError
from reconciler.model.lock import LockedPackage

NETWORK = {"ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH"}
NETWORK |= {"ERR_SOCKET_TIMEOUT", "EPROTO", "FETCH_ERROR", "ERR_INVALID_URL", "ENOTCACHED"}
TRUST = {"SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"}
TRUST |= {"UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "CERT_HAS_EXPIRED"}
MISSING = {"E404", "ETARGET"}
"""What metadata of yesterday may say of what was published since."""
NAMED = 5
"""How many packages a sentence names."""
RETRY = "Check network and proxy, then retry."


def parse_error(out: bytes) -> Mapping[str, Any]:
    """What npm reports; nothing where it did not."""
    with contextlib.suppress(ValueError, AttributeError):
        return json.loads(out).get("error") or {}
    return {}


def failure(error: Mapping[str, Any], asked: Iterable[str], locked: Iterable[LockedPackage] = ()) -> PackageError:
    """npm's own account of what went wrong with the packages of those names; `locked` is what it was to install."""
    code, summary = str(error.get("code", "")), str(error.get("summary", ""))
    names = named(asked)
    if code == "E404":
        found = re.search(r"'(@?[^@']+)(@[^']*)?' is not in this registry", str(error.get("detail", "")))
        return PackageError(f"The package {found[1] if found else names} does not exist.", "Check how it is spelled.")
    if code == "ETARGET":
        found = re.search(r"found for (\S+?)\.?$", summary)
        wanted = found[1] if found else names
        return PackageError(f"No version of {wanted} exists.", "Ask for a version that does, or for a range.")
    if code in ("EINVALIDTAGNAME", "EINVALIDPACKAGENAME"):
        unread = summary.partition(" of package ")[2].partition(": ")[0] or names
        return PackageError(f"npm cannot read {unread}.", "Mend the name or the range.")
    if code == "ERESOLVE":
        return PackageError(f"The packages {names} cannot be installed together.", "Change one of their versions.")
    if code == "EINTEGRITY":
        forged = [f"{one.registered} {one.version}" for one in locked if _is_wanted(one.integrity, summary)]
        return PackageError(
            f"{_which(forged, names)} not what reconciler.lock holds: the hash differs.",
            "Find out why before you run `reconciler lock --upgrade`.",
        )
    return _environment_failure(code, names)


def named(names: Iterable[str]) -> str:
    """Some names, in order; of many only the first."""
    each = sorted(names)
    more = len(each) - NAMED
    return ", ".join(each) if more < 2 else f"{', '.join(each[:NAMED])} and {more} more"


def _is_wanted(integrity: str, summary: str) -> bool:
    """Whether that is the hash that npm missed; it names no package."""
    return any(f"wanted {each} " in summary for each in integrity.split())


def _which(forged: list[str], names: str) -> str:
    return f"The package {' or '.join(forged)} is" if forged else f"A package of {names} is"


@contextlib.contextmanager
def disk() -> Iterator[None]:
    """Raises PackageError for what the file system refuses within."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _disk_full() from error
        raise PackageError(f"The package store cannot be written: {error.strerror}.", "Check its rights.") from error


def _environment_failure(code: str, names: str) -> PackageError:
    if code == "ENOSPC":
        return _disk_full()
    if code in NETWORK:
        return PackageError(f"The npm registry cannot be reached for {names}.", RETRY)
    if code in TRUST:
        return PackageError(
            f"The npm registry's certificate is not trusted, so {names} cannot be read.",
            "Name your authority's certificate in NODE_EXTRA_CA_CERTS.",
        )
    if code in ("EACCES", "EPERM", "EROFS"):
        return PackageError(
            "npm may not write its cache.", "Name a folder that it may write to in npm_config_cache, or set HOME."
        )
    if code in ("E401", "E403"):
        return PackageError(f"The npm registry refuses to hand out {names}.", "Use packages of the public registry.")
    return PackageError(f"npm failed on {names} ({code or 'without a reason'}).", "Try `npm install` with it yourself.")


def _disk_full() -> PackageError:
    return PackageError("The packages cannot be stored: disk full.", "Make room and run it again.")
