"""The desired state: git, YAML, SOPS and the npm lock, read into what one tenant should be."""
