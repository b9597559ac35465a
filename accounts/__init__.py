"""Who you are: people, guests, sign-up and sign-in."""
