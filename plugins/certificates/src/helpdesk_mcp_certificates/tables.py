"""The plugin's table."""

from sqlalchemy import ARRAY, BigInteger, Column, DateTime, Integer, MetaData, Table, Text

metadata = MetaData(schema="certificates")

_MOMENT = DateTime(timezone=True)

host = Table(
    "host",
    metadata,
    Column("name", Text, primary_key=True, comment="name or address that is connected to"),
    Column("port", Integer, primary_key=True, autoincrement=False),
    Column("customer_id", BigInteger, comment="whose it is; null: ours, from the settings"),
    Column("looked_at", _MOMENT, nullable=False, comment="newest look"),
    Column("not_before", _MOMENT, comment="of the certificate seen last; null: none was ever seen"),
    Column("not_after", _MOMENT, comment="the same"),
    Column("issuer", Text, comment="organisation, else common name, of who signed it"),
    Column("names", ARRAY(Text), comment="names and addresses that it is for"),
    Column("error", Text, comment="why the newest look was not content; null: it was"),
    Column("failing_since", _MOMENT, comment="first look of those that were not content in a row"),
    comment="Hosts that are watched, each with what its newest look found",
)
