"""What the calls of actions come to: effects, the event that the next action sees, the end of the flow."""
