"""One definition of every number; two interpreters."""
