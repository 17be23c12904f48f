"""What a program draws in its constructor, and by whose seed."""
