"""The llama.cpp engine, its grammars, its prompts and the catalogue of models."""
