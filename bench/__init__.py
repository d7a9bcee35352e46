"""Where the README's figures come from: `make bench` runs everything here, `make bench ONLY=pages` one part."""
