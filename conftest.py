"""The fixtures of every test, of the core and of the plugins."""

pytest_plugins = ["helpdesk_mcp.testing.fixtures", "tests.office"]


def pytest_addoption(parser):
    parser.addoption(
        "--examples",
        type=int,
        help="how many random calls tests/abuse makes per tool, instead of the same few each time",
    )
