import ipaddress
import re

# Ranges that regulators keep free for fiction; see seed/phones.py.
PHONES = re.compile(
    r"\+49 40 66969 \d{3}|\+49 30 23125 \d{3}|\+49 89 99998 \d{3}|\+49 171 39200\d\d|\+33 1 99 00 \d\d \d\d|\+33 6 39 98 \d\d \d\d"
    r"|\+46 8 465 004 \d\d|\+1 503 555 01\d\d|\+44 1632 960\d{3}|\+44 7700 900\d{3}"
)
DOCUMENTATION = [ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]
ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")


def test_every_ticket_belongs_to_the_customer_of_its_contact(world):
    for ticket in world.tickets.values():
        contact = world.contacts[ticket["EndUserID"]]
        assert ticket["CustomerID"] == contact["CustomerID"]
        assert ticket["CustomerName"] == world.customers[ticket["CustomerID"]]["CustomerName"]
        assert ticket["EndUserEmail"] == contact["Email"]


def test_every_assigned_technician_exists_or_is_the_autopilot(world):
    for ticket in world.tickets.values():
        technician = ticket["TechnicianContactID"]
        if technician is None:
            assert ticket["TechnicianFullName"] in {"", "."}
        elif technician != -1:
            assert ticket["TechnicianEmail"] == world.technicians[technician]["TechnicianEmail"]


def test_contracts_of_tickets_belong_to_the_same_customer(world):
    linked = [ticket for ticket in world.tickets.values() if ticket["ContractID"] is not None]
    assert linked
    assert all(
        world.contracts[ticket["ContractID"]]["CustomerID"] == ticket["CustomerID"] for ticket in linked
    )


def test_alerts_name_a_machine_and_at_most_a_ticket_of_its_customer(world):
    by_guid = {agent["DeviceGuid"]: agent for agent in world.agents.values()}
    for alert in world.alerts.values():
        agent = by_guid[alert["DeviceGuid"]]
        assert (alert["AgentId"], alert["CustomerID"]) == (agent["AgentID"], agent["CustomerID"])
        if alert["TicketID"] is not None:
            assert world.tickets[alert["TicketID"]]["CustomerID"] == alert["CustomerID"]


def test_some_alerts_led_to_a_ticket_soon_after(demo):
    linked = [alert for alert in demo.alerts.values() if alert["TicketID"] is not None]
    assert len(linked) > 5
    assert all(alert["Created"] <= demo.tickets[alert["TicketID"]]["TicketCreatedDate"] for alert in linked)


def test_alerts_are_open_snoozed_or_archived(world):
    states = {(alert["Archived"], alert["SnoozedEndDate"] is not None) for alert in world.alerts.values()}
    assert states == {(False, False), (False, True), (True, False)}
    now = world.now.isoformat()[:19]
    for alert in world.alerts.values():
        assert alert["Archived"] == (alert["ArchivedDate"] is not None)
        assert (alert["SnoozedEndDate"] or "9999") > now > alert["Created"][:19]


def test_work_hours_name_a_ticket_its_people_and_a_known_rate(world):
    for entry in world.work_hours.values():
        ticket = world.tickets[entry["TicketID"]]
        assert (entry["CustomerID"], entry["EndUserID"]) == (ticket["CustomerID"], ticket["EndUserID"])
        assert entry["TechnicianContactID"] in world.technicians
        assert entry["RateID"] is None or entry["RateID"] in world.products


def test_default_machines_and_departments_of_contacts_exist(world):
    for contact in world.contacts.values():
        if contact["DefaultAgentId"] is not None:
            assert world.agents[contact["DefaultAgentId"]]["CustomerID"] == contact["CustomerID"]
        if contact["DepartmentID"] is not None:
            assert world.departments[contact["DepartmentID"]]["Name"] == contact["DepartmentName"]


def test_related_tickets_point_at_each_other(demo):
    related = [ticket for ticket in demo.tickets.values() if ticket["RelatedTicketId"] is not None]
    assert related
    for ticket in related:
        other = demo.tickets[ticket["RelatedTicketId"]]
        assert other["RelatedTicketId"] == ticket["TicketID"]
        assert {ticket["RelationType"], other["RelationType"]} == {"Parent", "Child"}


def test_custom_values_hang_on_things_that_exist_and_use_defined_fields(world):
    tables = {"agentfield": world.agents, "ticketfield": world.tickets, "customerfield": world.customers}
    targets = {"agentfield": "Agent", "ticketfield": "Ticket", "customerfield": "Customer"}
    defined = {(field["Target"], field["Name"]): field for field in world.custom_fields}
    assert {kind for kind, _ in world.custom_values} == set(tables)
    for (kind, item), values in world.custom_values.items():
        assert item in tables[kind]
        for name, value in values.items():
            field = defined[targets[kind], name]
            texts = {option["Text"] for option in field["PossibleValues"]}
            assert (value["ItemId"], value["FieldName"]) == (item, name)
            assert not texts or value["ValueAsString"] in texts


def test_patches_belong_to_machines(world):
    guids = {agent["DeviceGuid"] for agent in world.agents.values()}
    assert set(world.patches) <= guids
    assert len(world.patches) > len(guids) * 0.7


def test_e_mail_addresses_are_at_reserved_domains(world):
    texts = [contact["Email"] for contact in world.contacts.values()]
    texts += [technician["TechnicianEmail"] for technician in world.technicians.values()]
    texts += [comment["CommentHtml"] for thread in world.comments.values() for comment in thread]
    # An inline image's content id looks like an address and is none.
    domains = {match for text in texts for match in ADDRESS.findall(text) if not match.startswith("01DC")}
    assert domains
    assert all(domain.endswith(".example") for domain in domains)


def test_telephone_numbers_are_from_fictional_ranges(world):
    rows = [*world.customers.values(), *world.contacts.values(), world.account]
    numbers = [row[key] for row in rows for key in ("Phone", "Fax", "MobilePhone") if row.get(key)]
    assert numbers
    assert [number for number in numbers if not PHONES.fullmatch(number)] == []


def test_network_addresses_are_private_or_for_documentation(world):
    for agent in world.agents.values():
        public = ipaddress.ip_address(agent["ReportedFromIP"])
        assert any(public in net for net in DOCUMENTATION)
        assert all(
            ipaddress.ip_address(address) in ipaddress.ip_network("192.168.0.0/16")
            for address in agent["IpAddresses"]
        )
        assert all(mac.startswith("00-00-5E-00-53-") for mac in agent["MacAddresses"])


def test_mail_addresses_are_unique_within_a_customer(world):
    addresses = [contact["Email"] for contact in world.contacts.values()]
    assert len(set(addresses)) == len(addresses)
