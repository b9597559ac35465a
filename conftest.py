"""What every test in every room may ask for: the real peers."""

pytest_plugins = ["tests.peers"]
