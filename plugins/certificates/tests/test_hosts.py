"""Which hosts are watched, from what people write into fields."""

import pytest

from helpdesk_mcp.settings import SettingsError, load_for_plugin
from helpdesk_mcp_certificates.hosts import Customer, Host, domains, wanted
from helpdesk_mcp_certificates.settings import CertificateSettings


def settings(**variables):
    environment = {f"HELPDESK_CERTIFICATES_{name.upper()}": value for name, value in variables.items()}
    return load_for_plugin(CertificateSettings, "certificates", environment)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("acme.com", ["acme.com"]),
        (" @Acme.com ", ["acme.com"]),
        ("https://www.acme.com/welcome", ["acme.com"]),
        ("acme.com; acme.de, info@acme.fr", ["acme.com", "acme.de", "acme.fr"]),
        ("n/a", []),
        ("Acme Ltd", []),
        ("..", []),
        ("", []),
    ],
)
def test_domains_are_found_in_what_people_typed(said, found):
    assert list(domains(said)) == found


def test_each_customer_has_the_hosts_of_the_pattern_and_a_shared_one_is_the_firsts():
    chosen = settings(customer_hosts="www.{domain}, mail.{domain}:993", hosts="vpn.msp.example:8443")
    assert wanted([Customer(1, "acme.com"), Customer(2, "acme.com"), Customer(3, "n/a")], chosen) == {
        Host("vpn.msp.example", 8443): None,
        Host("www.acme.com", 443): 1,
        Host("mail.acme.com", 993): 1,
    }


def test_without_settings_web_hosts_are_watched():
    assert list(wanted([Customer(1, "acme.com")], settings())) == [Host("www.acme.com", 443)]


def test_what_is_no_host_is_told():
    with pytest.raises(SettingsError) as caught:
        settings(hosts="https://acme.com")
    assert str(caught.value) == (
        "HELPDESK_CERTIFICATES_HOSTS cannot be used: 'https://acme.com' is no host; write a name, or name:port."
    )
