"""control charts made anew from a week on, for a reason"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('rebase',
    sa.Column('county_code', sa.String(length=12), nullable=False),
    sa.Column('area_code', sa.String(length=12), nullable=False),
    sa.Column('measure', sa.String(length=12), nullable=False),
    sa.Column('week', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.CheckConstraint("measure IN ('meeting','inspection','form','group')", name=op.f('ck_rebase_measure')),
    sa.ForeignKeyConstraint(['area_code'], ['area.code'], name=op.f('fk_rebase_area_code_area')),
    sa.PrimaryKeyConstraint('county_code', 'area_code', 'measure', 'week', name=op.f('pk_rebase'))
    )


def downgrade() -> None:
    op.drop_table('rebase')
