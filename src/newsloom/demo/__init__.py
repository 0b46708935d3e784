"""The demo: an invented little web, served on loopback over real HTTP, and the truth to judge a portal by."""
