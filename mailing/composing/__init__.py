"""From words with slots to the bytes that go over the wire: compiled once, filled for each recipient."""
