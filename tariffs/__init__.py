"""The tables: dated files of law, exchange rates and goods, and the one book that hands out their rows."""
