"""Documents that people read, in every format; knows nothing of norms or answers."""
