"""Arguments as nobody should send them, made from what a tool says that it takes."""

from hypothesis import strategies as st

TEXTS = (
    "%", "_", "%%", "\\", "\\%", "a\\", "'", '"', "';", "'; DROP TABLE ticket; --", "1 OR 1=1", "') OR ('a'='a", "$1", ":id", "%(id)s",
    "%s", "%n", "{0}", "{x.__class__}", "${user}", "\x00", "a\x00b", "\x01\x1b[31m", "\ud800", "a\udfff", "\ufffe", "\u202e", "\u200b",
    "\U000e0041", "\U0010ffff", "İ", "ß", "٣", "١٢٣", "²", "1²", "½", "ﬃ", "e\u0301", "\u0301" * 50, "x" * 10_000, "%" * 2000, "(" * 2000,
    "a " * 3000, "&|!():*<->", "''&", "a:*", "a <-> b", "\t", "\n\n", "null", "None", "NaN", "inf", "-1", "0", "00", "1e999", "0x10",
    "9" * 18, "9" * 19, "9" * 400, "#", "##", "ticket", "me", "nobody", "none", "all", "any", "today", "0d", "9999y", "9999d", "0001-01-01",
    "9999-12-31", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-02-30", "10000-01-01", "-0001-01-01", "24:00", "25:61",
    "0m", "9999h", "999999999999h", "1h-1m", "=1+1", "A=%", "=", "name=", "=value", "%=%", "C:", "..", "/", "//", "?", "customer=%25&limit=0",
    "limit=999999999999999999999", "page=-1", "a=b&a=b", "%00", "%ff", "https://[", "<<untrusted x", ">>", "```",
)  # fmt: skip
"""None of them holds words of `conftest.CRASHES`."""

NUMBERS = (
    0,
    -1,
    1,
    2,
    2**31 - 1,
    2**31,
    2**53 + 1,
    2**63 - 1,
    2**63,
    -(2**63) - 1,
    2**64,
    10**40,
    0.5,
    -0.0,
    1e300,
    -1e300,
    5e-324,
)
JUNK = (None, True, False, [], {}, [[]], [None], {"a": {"b": [1, {}]}}, ["%"], {"$ne": None}, [{}] * 50, "")


def texts(real):
    return st.one_of(
        st.sampled_from(real),
        st.sampled_from(TEXTS),
        st.sampled_from(TEXTS),
        st.text(max_size=30),
        st.tuples(st.sampled_from(real), st.sampled_from(TEXTS)).map("".join),
    )


def anything(real):
    deep = st.recursive(
        st.none() | st.booleans() | st.text(max_size=4), lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=8,
    )  # fmt: skip
    return st.one_of(st.sampled_from(JUNK), st.sampled_from(NUMBERS), texts(real), deep)


def plain(real):
    """What a form may give back by the protocol: no nesting."""
    flat = st.one_of(st.booleans(), st.sampled_from(NUMBERS), texts(real), st.none())
    return st.one_of(flat, flat, st.lists(texts(real), max_size=2))


def values(schema, real):
    """Mostly what the schema takes, at its edges; sometimes anything."""
    kind = schema.get("type")
    if "enum" in schema:
        fits = st.sampled_from(schema["enum"])
    elif kind == "boolean":
        fits = st.booleans()
    elif kind == "integer":
        limits = [schema[limit] for limit in ("minimum", "maximum") if limit in schema]
        fits = st.sampled_from([*limits, *(one for one in NUMBERS if isinstance(one, int))])
    elif kind == "number":
        fits = st.sampled_from(NUMBERS) | st.floats(allow_nan=False, allow_infinity=False)
    else:
        fits = texts(real)
    return st.one_of(fits, fits, fits, anything(real))


@st.composite
def arguments(draw, schema, real):
    """The required arguments and a few others; sometimes one is missing, or one too many."""
    properties = schema["properties"]
    optional = [name for name in properties if name not in schema.get("required", ())]
    chosen = draw(st.lists(st.sampled_from(optional), max_size=5, unique=True)) if optional else []
    names = [*schema.get("required", ()), *chosen]
    sent = {name: draw(values(properties[name], real)) for name in names}
    oddity = draw(st.integers(0, 19))
    if oddity == 0 and sent:
        del sent[names[0]]
    if oddity == 1:
        sent[draw(st.text(max_size=10))] = draw(anything(real))
    return sent
