"""The staff's interface, in HTML: dense, keyboard-driven, live. No tables, no rules."""
