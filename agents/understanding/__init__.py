"""What a request says: its kind, subject, demands, dates and language, in English and German."""
