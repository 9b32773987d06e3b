"""Updates to service calls to rendered messages; thin on purpose."""
