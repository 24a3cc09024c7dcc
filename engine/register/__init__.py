"""The HER-id tree, the parties file, and the choice of receiver."""
