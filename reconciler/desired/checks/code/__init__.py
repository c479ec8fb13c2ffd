"""The checks of code: one file per subject, each a pure function from what reading the code told to findings."""
