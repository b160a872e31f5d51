"""Alembic's entry: runs the migrations on the engine we hand over, or on the configured one."""

from alembic import context

from models.db import engine
from models.tables import Base

bind = context.config.attributes.get("engine") or engine()
with bind.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=lambda kind, item, _: (
            "sa.DateTime(timezone=True)" if kind == "type" and type(item).__name__ == "Moment" else False
        ),
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
