"""Pages of sign-up and preferences, the addresses inside of mail, and where providers report."""
