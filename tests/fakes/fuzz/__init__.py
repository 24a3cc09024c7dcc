"""Inputs that are changed or made to cost, and the process that feeds our readers with them."""
