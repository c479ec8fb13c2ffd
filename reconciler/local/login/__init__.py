"""Logins by OpenID Connect: what an application and a browser speak with the embedded tenant."""
