"""The conditions that audiences are chosen by, one module for each kind of fact."""
