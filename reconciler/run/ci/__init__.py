"""What a pipeline does: a verb of the command line, told to the people of a pull request."""
