"""What the secrets of well-known services look like, where the form alone tells them from other text.

Sources: the services' own pages on their tokens, held against the rules of gitleaks (gitleaks/gitleaks,
config/gitleaks.toml). Each pattern names what is random in it `random`, so that a placeholder (`xxxx…`) can be told
from a token.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_FORMATS = {
    "a Slack token": r"\bxox[abeoprs](?:\.xox[bp])?-(?P<random>\d[0-9A-Za-z-]{19,})",
    "a Slack app token": r"\bxapp-\d-[A-Z0-9]+-(?P<random>\d+-[a-z0-9]{20,})",
    "a Slack webhook URL": r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<random>[A-Za-z0-9+/]{40,})",
    "an AWS access key": r"\b(?:AKIA|ASIA|ABIA|ACCA)(?P<random>[A-Z2-7]{16})\b(?<!EXAMPLE)",
    "a GitHub token": r"\b(?:gh[oprsu]_(?P<random>[0-9A-Za-z]{36})\b|github_pat_[0-9A-Za-z_]{82}\b)",
    "a GitLab token": r"\bgl(?:agent|cbt|dt|ft|imt|oas|pat|ptt|rt|soat)-"
    r"(?P<random>(?=[A-Za-z_-]*\d)[0-9A-Za-z_-]{20,})",
    "a Stripe key": r"\b(?:sk|rk)_(?:test|live|prod)_(?P<random>[0-9A-Za-z]{16,})\b",
    "a Stripe webhook secret": r"\bwhsec_(?P<random>[0-9A-Za-z+/]{32,})",
    "a SendGrid key": r"\bSG\.(?P<random>[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43})",
    "a Twilio key": r"\bSK(?P<random>[0-9a-f]{32})\b",
    "a Google API key": r"\bAIza(?P<random>[0-9A-Za-z_-]{35})(?![0-9A-Za-z_-])",
    "a Google OAuth client secret": r"\bGOCSPX-(?P<random>[0-9A-Za-z_-]{28})",
    "a private key": r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----",
    "a JSON Web Token": r"\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.(?P<random>[0-9A-Za-z_-]{20,})",
    "an npm token": r"\bnpm_(?P<random>[0-9A-Za-z]{36})\b",
    "an age key": r"\bAGE-SECRET-KEY-1(?P<random>[0-9A-Z]{58})",
    "a Mailchimp key": r"\b(?P<random>[0-9a-f]{32})-us\d{1,2}\b",
    "an OpenAI key": r"\bsk-(?:proj-|svcacct-|admin-)?(?P<random>[0-9A-Za-z_-]{16,}T3BlbkFJ[0-9A-Za-z_-]{16,})",
    "an Anthropic key": r"\bsk-ant-(?P<random>[0-9A-Za-z_-]{80,})",
    "a client secret": r"""(?i:secret)\w*["']?\s*[:=]\s*["'`]"""
    r"""(?P<random>(?=\S*?[A-Z])(?=\S*?[a-z])(?=\S*?\d)[0-9A-Za-z_-]{64})["'`]""",
}

TOKEN_FORMATS: Mapping[str, re.Pattern[str]] = {kind: re.compile(form) for kind, form in _FORMATS.items()}
"""What it is, with its article -> how it looks. The client secret is Auth0's: 64 signs, told by the name beside it."""

LEAST_DIFFERENT_SIGNS = 8
"""How many different signs the random part of a token has at least; placeholders have fewer."""
