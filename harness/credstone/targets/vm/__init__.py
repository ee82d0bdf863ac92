"""Guests: virtual machines that boot a kernel and run the agent as all that there is in them."""
