"""An in-memory GitHub, served over HTTP on the loopback.

    with serving() as github:
        github.url, github.access()          # where it is, and how to open it
        github.state                         # what it keeps, whom it knows, what it was asked (state.requests)

It answers as GitHub's REST documents and its OpenAPI description say, for the routes that reconciler uses; the very
answers are held against the description by tests/github/test_contract.py. https://HOST/api/v3, where GitHub Enterprise
Server has its API, is `github.url + "/api/v3"`.
"""

from tests.github.standin.served import Served, serving
from tests.github.standin.state import READ_ONLY, REPOSITORY, TOKEN, State, Token

__all__ = ["READ_ONLY", "REPOSITORY", "TOKEN", "Served", "State", "Token", "serving"]
