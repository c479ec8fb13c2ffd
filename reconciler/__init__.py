"""Git-ops for Auth0 Actions: git says what runs in a login, `reconciler` makes it so and shows when it is not."""
