"""The only room with SQL: tables, migrations, one module a subject."""
