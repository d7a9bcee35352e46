"""Finding bills: what was asked, the words of it, spellings that are near, filters, one page of results."""
