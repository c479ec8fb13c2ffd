"""What the secrets of well-known services look like, where the form alone tells them from other text.

Sources: the services' own pages on their tokens, held against the rules of gitleaks (gitleaks/gitleaks,
config/gitleaks.toml).
"""

from __future__ import annotations

from typing import NamedTuple

LEAST_DIFFERENT_SIGNS = 8
"""How many different signs the random part of a token has at least; placeholders (`xxxx…`) have fewer."""


class TokenFormat(NamedTuple):
    """`kind` is what it is, with its article; `hints` are the texts of which one is in every such token, so that code
    without any need not be searched; `pattern` names what is random in it `random`.

    Every repetition in a pattern is bounded: code is written by others, and must not keep the search busy.
    """

    kind: str
    hints: tuple[str, ...]
    pattern: str


def _format(kind: str, pattern: str, *hints: str) -> TokenFormat:
    return TokenFormat(kind, hints, pattern)


TOKEN_FORMATS = (
    _format("a Slack token", r"\bxox[abeoprs](?:\.xox[bp])?-(?P<random>\d[0-9A-Za-z-]{19,200})", "xox"),
    _format("a Slack app token", r"\bxapp-\d-[A-Z0-9]{5,20}-(?P<random>\d{5,20}-[a-z0-9]{20,100})", "xapp-"),
    _format(
        "a Slack webhook URL",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<random>[A-Za-z0-9+/]{40,100})",
        "hooks.slack.com",
    ),
    _format(
        "an AWS access key",
        r"\b(?:AKIA|ASIA|ABIA|ACCA)(?P<random>[A-Z2-7]{16})\b(?<!EXAMPLE)",
        *("AKIA", "ASIA", "ABIA", "ACCA"),
    ),
    _format("a GitHub token", r"\bgh[oprsu]_(?P<random>[0-9A-Za-z]{36})\b", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    _format("a GitHub token", r"\bgithub_pat_(?P<random>[0-9A-Za-z_]{82})\b", "github_pat_"),
    _format(
        "a GitLab token",
        r"\bgl(?:agent|cbt|dt|ft|imt|oas|pat|ptt|rt|soat)-(?P<random>(?=[A-Za-z_-]{0,63}\d)[0-9A-Za-z_-]{20,64})",
        "gl",
    ),
    _format(
        "a Stripe key", r"\b[rs]k_(?:test|live|prod)_(?P<random>[0-9A-Za-z]{16,128})\b", "k_test", "k_live", "k_prod"
    ),
    _format("a Stripe webhook secret", r"\bwhsec_(?P<random>[0-9A-Za-z+/]{32,64})", "whsec_"),
    _format("a SendGrid key", r"\bSG\.(?P<random>[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43})", "SG."),
    _format("a Twilio key", r"\bSK(?P<random>[0-9a-f]{32})\b", "SK"),
    _format("a Google API key", r"\bAIza(?P<random>[0-9A-Za-z_-]{35})(?![0-9A-Za-z_-])", "AIza"),
    _format("a Google OAuth client secret", r"\bGOCSPX-(?P<random>[0-9A-Za-z_-]{28})", "GOCSPX-"),
    # The frame alone is no key: code may put it around a secret.
    _format(
        "a private key",
        r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY-----"
        r"(?:[\s\"'`+,\[\]]|\\[nr]){0,40}(?P<random>[0-9A-Za-z+/=]{40,100})",
        "PRIVATE KEY",
    ),
    _format(
        "a JSON Web Token",
        r"\beyJ[0-9A-Za-z_-]{10,2000}\.eyJ[0-9A-Za-z_-]{10,8000}\.(?P<random>[0-9A-Za-z_-]{20,1000})",
        ".eyJ",
    ),
    _format("an npm token", r"\bnpm_(?P<random>[0-9A-Za-z]{36})\b", "npm_"),
    _format("an age key", r"\bAGE-SECRET-KEY-1(?P<random>[0-9A-Z]{58})", "AGE-SECRET-KEY-1"),
    _format("a Mailchimp key", r"\b(?P<random>[0-9a-f]{32})-us\d{1,2}\b", "-us"),
    _format(
        "an OpenAI key",
        r"\bsk-(?:proj-|svcacct-|admin-)?(?P<random>[0-9A-Za-z_-]{16,100}T3BlbkFJ[0-9A-Za-z_-]{16,100})",
        "T3BlbkFJ",
    ),
    _format("an Anthropic key", r"\bsk-ant-(?P<random>[0-9A-Za-z_-]{80,120})", "sk-ant-"),
    # Auth0's own: 64 signs without a form, so that only the name beside them tells.
    _format(
        "a client secret",
        r"""(?i:secret)\w{0,40}["']?\s{0,9}[:=]\s{0,9}["'`]"""
        r"""(?P<random>(?=\S{0,63}[A-Z])(?=\S{0,63}[a-z])(?=\S{0,63}\d)[0-9A-Za-z_-]{64})["'`]""",
        *("secret", "Secret", "SECRET"),
    ),
)
"""Every form, in the order in which they are looked for."""
