"""The words of every code, in bokmål, nynorsk and English: one table a theme, as in `engine/codes/`."""
