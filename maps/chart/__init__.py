"""The chart: what a drum map is, apart from who made it and where it is kept.

Pure Python, no Django. A `.bsm` file is read by `document.read_bsm` into a `Chart`: a `TempoMap`
(tempo.py) and `Note`s (notes.py) at integer ticks. `document.write_bsm` gives the bytes back, with nothing
lost. summary.py and difficulty.py say things about a chart. A file that isn't a chart is a `BrokenDocument`.
"""
