"""Songs and recordings, and how a file on its way in becomes one of them."""
