"""The database, which is the truth: schema, migrations and the article store."""
