"""What a tenant tells of a secret."""

from reconciler.model.frozen import Frozen


class SecretStamp(Frozen):
    """All a tenant tells of a secret: its name and when it was last written (RFC 3339, as the tenant wrote it)."""

    name: str
    updated_at: str = ""
