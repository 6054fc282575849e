"""How fast the simulator is, beside a plain model of the same thing."""
