"""The staff desk of the legislature. Modules register their pages when imported; one is added with each part."""
