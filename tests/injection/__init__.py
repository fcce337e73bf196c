"""What an attacker writes into a place of a request changes nothing but, at most, words."""
