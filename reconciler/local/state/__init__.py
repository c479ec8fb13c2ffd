"""What the tenant holds: its database, drafts, versions, bindings, builds, the log."""
