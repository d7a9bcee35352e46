"""Searching everything public: what was asked, the kinds of things there are, what was found, words in bold, spellings.

There is no index beside the tables. Each keeps the words of its rows in a column that PostgreSQL computes in the
statement which changes the row, and each kind asks its own rule of what is public: what is withdrawn is gone at once.
"""
