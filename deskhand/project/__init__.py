"""The wiring: settings, addresses, reactions, schedule, command line. No rule of the product lives here."""
