"""Documents out of files and streams."""
