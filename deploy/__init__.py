"""More than one machine: configuration from templates, and a whole small site on loopback."""
