"""Which passes, in which order, for source -> target."""
