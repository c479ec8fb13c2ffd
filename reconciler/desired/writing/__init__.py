"""The other way round: what a tenant has, written as the files of a repository."""
