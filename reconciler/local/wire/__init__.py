"""The Management API over ASGI: what comes in, what goes out, in the platform's own words."""
