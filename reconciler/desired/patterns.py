"""What texts in documents must look like, and what people are told where they do not."""

from __future__ import annotations

from reconciler.model.lock import INTEGRITY, PACKAGE_NAME, PACKAGE_PATH, PACKAGE_VERSION

BRANCH = r"^[^\s~^:?*\[\\{\x00-\x1f-][^\s~^:?*\[\\{\x00-\x1f]*$"
PRINTED = r"^[^\x00-\x1f\x7f]+$"
NAME = r"^[^/\\:*?\"<>|\x00-\x1f]+$"
REPOSITORY_NAME = r"^[A-Za-z0-9][A-Za-z0-9._/-]*$"
KEY = r"^[A-Za-z_][A-Za-z0-9_.-]{0,127}$"
DOMAIN = r"^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?$"
EMAIL = r"^[^@\s]+@[^@\s]+$"
USER_ID = r"^[^|\s]+\|\S+$"

PATTERNS = {
    r"\S": "must say something",
    f"^$|{BRANCH}": "must be the name of a branch, such as main",
    r"^\S+$": "must hold no blanks",
    f"^$|{USER_ID}": "must be PROVIDER|ID, such as auth0|ada",
    PRINTED: "may hold no control characters",
    NAME: "may hold no slash, backslash, quote, colon or other sign that a folder's name cannot have",
    REPOSITORY_NAME: "must be of letters, digits, and . _ / - after the first sign",
    KEY: "must be a key of the tenant's SOPS file (letters, digits, _ . -), not the value itself",
    DOMAIN: "must be a domain without https:// and without a path, such as acme.eu.auth0.com",
    EMAIL: "must be an email address",
    PACKAGE_PATH: "must be where npm puts a package, such as node_modules/axios",
    PACKAGE_VERSION: "must be an exact version, such as 1.2.3",
    PACKAGE_NAME: "must be the name of a package",
    INTEGRITY: "must be a hash, such as sha512-AbC=",
    r"^(\*|[A-Z]+) https?://\S+$": "must be a method and a URL, such as POST https://example.com/hook",
}
"""What each pattern asks, in words that follow the field's name."""
