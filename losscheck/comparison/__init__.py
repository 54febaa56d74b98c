"""Two implementations of one loss side by side: the same calls, everything observed, every difference said."""
