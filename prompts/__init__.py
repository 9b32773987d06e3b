"""The prompts, as data: versioned template files and their declared variables.

A released version is never edited: a change is a new file with the next number.
"""
