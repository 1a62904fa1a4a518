"""Settings → Response promise, one module for each of its parts."""
