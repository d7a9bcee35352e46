"""Local Area Councils, their meetings and other events, who comes, and the tables we sit at."""
