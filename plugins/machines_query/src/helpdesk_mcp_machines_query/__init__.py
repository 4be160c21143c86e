"""The plugin for machines."""
