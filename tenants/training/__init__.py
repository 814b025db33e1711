"""Training runs: a frozen dataset, a base and a configuration become an adapter; every step of it can be resumed."""
