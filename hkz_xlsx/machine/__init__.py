"""The machine under us: whole files, faults of the system, worker processes, limits, names."""
