"""Every read of research that is used twice, by noun."""
