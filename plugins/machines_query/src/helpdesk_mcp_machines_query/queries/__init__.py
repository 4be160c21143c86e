"""What is asked of the database, and the rows that come back."""
