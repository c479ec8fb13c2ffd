"""What the platform documents: its triggers and its limits, as facts that ship with the package."""
