"""Folders that record systems and eDialog exchange files through."""
