"""data version of the chain head: beside seq, which every sign-in raises"""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('audit_chain', schema=None) as batch_op:
        batch_op.add_column(sa.Column('data_version', sa.BigInteger(), nullable=True))
    op.execute('UPDATE audit_chain SET data_version = seq')
    with op.batch_alter_table('audit_chain', schema=None) as batch_op:
        batch_op.alter_column('data_version', existing_type=sa.BigInteger(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table('audit_chain', schema=None) as batch_op:
        batch_op.drop_column('data_version')
