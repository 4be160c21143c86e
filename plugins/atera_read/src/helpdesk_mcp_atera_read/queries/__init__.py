"""What is asked of the database: arguments in, typed rows out. Nothing here knows how an answer looks."""
