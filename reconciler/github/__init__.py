"""GitHub: what pipelines read and write there. Takes rendered text; knows nothing of plans and tenants."""
