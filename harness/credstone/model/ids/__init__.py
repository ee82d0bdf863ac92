"""The pages of user and group IDs, one module for each, and what they share."""
