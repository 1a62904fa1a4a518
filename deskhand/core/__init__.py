"""Topic modules that know nothing of the desk: HTML, text, documents, durations. No tables."""
