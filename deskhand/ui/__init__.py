"""What both faces look like: Jinja macros, icons and the built front end. No tables, no rules of the product."""
