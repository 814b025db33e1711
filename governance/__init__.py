"""What is permitted, and what happened."""
