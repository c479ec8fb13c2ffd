"""The tenant's own pages: HTML without scripts (but for form_post, which works without as well) and without anything
from elsewhere."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from reconciler.local.means import Means


class Pages:
    """Renders the pages of one tenant. Every value is escaped."""

    def __init__(self, tenant: str, means: Means) -> None:
        self._tenant = tenant
        self._means = means
        self._environment: Environment | None = None

    def response(self, page: str, status: int = 200, **values: Any) -> HTMLResponse:
        """That page with those values, as an answer that nobody keeps, frames or adds to.

        `form-action` is left open: browsers hold it against the redirect that follows a form, which leads to the
        application or to the page that an action named.
        """
        nonce = self._means.entropy(12).hex()
        html = self._template(page).render(nonce=nonce, tenant=self._tenant, **values)
        scripts = f"script-src 'nonce-{nonce}'; " if page == "post" else ""
        policy = f"default-src 'none'; style-src 'nonce-{nonce}'; {scripts}base-uri 'none'; frame-ancestors 'none'"
        headers = {
            "Cache-Control": "no-store",
            "Content-Security-Policy": policy,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        return HTMLResponse(html, status, headers=headers)

    def _template(self, page: str) -> Any:
        if self._environment is None:
            loader = PackageLoader("reconciler.local.login", "pages")
            self._environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
        return self._environment.get_template(f"{page}.html")
