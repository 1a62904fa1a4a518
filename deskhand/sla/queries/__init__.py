"""What screens read about promises, clocks and office hours."""
