"""The rest of the Management API: every other resource is refused for want of a scope.

A token of this tenant has the scopes of actions and logs. With such a token the platform answers 403 for clients,
connections and all else, and a client steps over what it may not see (`auth0-deploy-cli`: "Cannot retrieve roles due to
missing scopes"), while a 404 would end its run. The text is recorded for client grants; the scopes are the documented
ones of the resource, `read:` and so on by method, of which the platform may name more than one.
"""

from __future__ import annotations

_VERBS = {"GET": "read", "HEAD": "read", "POST": "create", "PATCH": "update", "PUT": "update", "DELETE": "delete"}

METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")

_SCOPES = {
    "anomaly": "anomaly_blocks",
    "attack-protection": "attack_protection",
    "branding": "branding",
    "client-grants": "client_grants",
    "clients": "clients",
    "connection-profiles": "connection_profiles",
    "connections": "connections",
    "connections-directory-provisionings": "connections",
    "connections-scim-configurations": "connections",
    "custom-domains": "custom_domains",
    "device-credentials": "device_credentials",
    "email-templates": "email_templates",
    "emails": "email_provider",
    "event-streams": "event_streams",
    "flows": "flows",
    "forms": "forms",
    "grants": "grants",
    "guardian": "guardian_factors",
    "hooks": "hooks",
    "keys": "signing_keys",
    "log-streams": "log_streams",
    "network-acls": "network_acls",
    "organizations": "organizations",
    "prompts": "prompts",
    "rate-limit-policies": "rate_limit_policies",
    "refresh-tokens": "refresh_tokens",
    "resource-servers": "resource_servers",
    "risk-assessments": "attack_protection",
    "roles": "roles",
    "rules": "rules",
    "rules-configs": "rules_configs",
    "self-service-profiles": "self_service_profiles",
    "sessions": "sessions",
    "stats": "stats",
    "supplemental-signals": "attack_protection",
    "tenants": "tenant_settings",
    "token-exchange-profiles": "token_exchange_profiles",
    "user-attribute-profiles": "user_attribute_profiles",
    "user-blocks": "users",
    "users": "users",
    "users-by-email": "users",
}


def wanted_scope(method: str, path: str) -> str:
    """The scope that a call of another resource needs; empty where there is no such resource. `path` is what comes
    after `/api/v2/`."""
    noun = _SCOPES.get(path.partition("/")[0], "")
    return f"{_VERBS[method]}:{noun}" if noun else ""
