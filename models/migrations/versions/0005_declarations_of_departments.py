"""declarations of departments: what they say they sent to villages"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('declaration',
    sa.Column('county_code', sa.String(length=12), nullable=False),
    sa.Column('department_code', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('township_code', sa.String(length=12), nullable=True),
    sa.Column('declared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('declared_by', sa.String(length=64), nullable=False),
    sa.CheckConstraint("kind IN ('meeting','inspection','form')", name=op.f('ck_declaration_kind')),
    sa.CheckConstraint("title <> ''", name=op.f('ck_declaration_title')),
    sa.ForeignKeyConstraint(['department_code'], ['department.code'], name=op.f('fk_declaration_department_code_department')),
    sa.ForeignKeyConstraint(['township_code'], ['area.code'], name=op.f('fk_declaration_township_code_area')),
    sa.PrimaryKeyConstraint('county_code', 'department_code', 'kind', 'happened_on', 'title', name=op.f('pk_declaration'))
    )


def downgrade() -> None:
    op.drop_table('declaration')
