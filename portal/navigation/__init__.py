"""The staff desk's sidebar, a module for each room; `portal.navigation.sidebar` puts them together."""
