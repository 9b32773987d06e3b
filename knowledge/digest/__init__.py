"""What is new in a base, told in exact sentences."""
