"""Pure renderers: what a value says to people, as text or markdown. JSON is the value's own."""
