"""What the co-founder agent makes of what the others found."""
