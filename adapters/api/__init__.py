"""The door for record systems that ask over HTTP: pull, take, answer; and the notices that tell them when to."""
