"""The pages of supplementary groups, and the database that they look into."""
