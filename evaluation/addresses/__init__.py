"""The addresses of reports, a module for each room."""
