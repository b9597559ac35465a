"""How well, how fast and in how much memory does the ear hear drums, and how do others?"""
