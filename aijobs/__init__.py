"""From a song to its first map: the job, its worker, and the only door to the ear."""
