"""What the workspace's forms ask for, one module a page."""
