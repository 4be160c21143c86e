"""Everything that can happen to a simulated account, for tests that let it happen at random.

Each event takes the world and a die, and does nothing where the account holds nothing that it could happen to. Moments are the
present: Atera's own filters ask for them.
"""

from datetime import UTC, datetime, timedelta

from atera_simulator import changes
from atera_simulator.changes.journal import note
from atera_simulator.world import World

TEXTS = (
    "Please restart it.",
    "Thank you!",
    "<p>Two lines<br>of <b>HTML</b></p>",
    "",
    "With\0zero, \N{GRINNING FACE} and ÄÖÜ",
    'Quoted "text", \\ and % and $1',
)


def present():
    return datetime.now(UTC)


def one(die, records):
    return records[die.choice(sorted(records))] if records else None


def technician(die, world):
    return die.choice(sorted(world.technicians))


def open_ticket(world: World, die):
    person = one(die, world.contacts)
    if person and person["CustomerID"] in world.customers:
        fields = {"TicketTitle": die.choice(TEXTS), "Description": die.choice(TEXTS)}
        changes.create_ticket(world, {**fields, "EndUserID": person["EndUserID"]}, now=present())


def edit_ticket(world: World, die):
    fields = {
        "TicketTitle": die.choice(TEXTS),
        "TicketPriority": die.choice(("Low", "Medium", "High", "Critical")),
        "TicketImpact": die.choice(("Minor", "Major", "Crisis")),
        "TicketType": die.choice(("Incident", "Problem")),
        "TechnicianContactID": die.choice((0, technician(die, world))),
    }
    chosen = {name: fields[name] for name in die.sample(sorted(fields), 2)}
    changes.update_ticket(world, die.choice(sorted(world.tickets)), chosen, now=present())


def move_ticket(world: World, die):
    status = die.choice(("Open", "Pending", "Resolved", "Closed"))
    changes.update_ticket(world, die.choice(sorted(world.tickets)), {"TicketStatus": status}, now=present())


def delete_ticket(world: World, die):
    changes.delete_ticket(world, die.choice(sorted(world.tickets)), now=present())


def relate_tickets(world: World, die):
    first, second = die.sample(sorted(world.tickets), 2)
    changes.relate_tickets(world, first, second, "Child", now=present())


def answer(world: World, die):
    ticket, person = die.choice(sorted(world.tickets)), one(die, world.contacts)
    if person:
        changes.add_comment(world, ticket, die.choice(TEXTS), end_user_id=person["EndUserID"], now=present())


def reply(world: World, die):
    ticket, is_internal = die.choice(sorted(world.tickets)), die.random() < 0.5
    by = technician(die, world)
    changes.add_comment(
        world, ticket, die.choice(TEXTS), technician_id=by, is_internal=is_internal, now=present()
    )


def hand_over_ticket(world: World, die):
    """Change whose ticket it is, as is possible in Atera's own pages; its API cannot."""
    ticket, person = one(die, world.tickets), one(die, world.contacts)
    if person:
        names = {"EndUserFirstName": "Firstname", "EndUserLastName": "Lastname", "EndUserPhone": "Phone"}
        same = {name: name for name in ("CustomerID", "CustomerName")}
        asked_by = {"EndUserID": "EndUserID", "EndUserEmail": "Email", **names, **same}
        ticket.update({theirs: person[ours] for theirs, ours in asked_by.items()})
        changes.touch_ticket(world, ticket["TicketID"], now=present())
        for key, entry in world.work_hours.items():
            if entry["TicketID"] == ticket["TicketID"]:
                entry.update({name: ticket[name] for name in ("CustomerID", "EndUserID")})
                note(world, "work_hours", key)


def edit_comment(world: World, die):
    """Change or remove a comment, as may be possible in Atera's own pages; nothing of the ticket shows it."""
    ticket = die.choice(sorted(world.tickets))
    if thread := world.comments.get(ticket):
        comment = die.choice(thread)
        if die.random() < 0.5:
            thread.remove(comment)
        else:
            comment.update({"Comment": "Edited", "CommentHtml": f"<p>Edited {die.randrange(100)}</p>"})
        note(world, "tickets", ticket)


def log_time(world: World, die):
    end = present() - timedelta(days=die.choice((0, 0, 1, 30, 100, 1000)))
    fields = {
        "TechnicianContactID": technician(die, world),
        "Billiable": True,
        "OnCustomerSite": die.random() < 0.5,
        "Description": die.choice(TEXTS),
    }
    # Minutes that no other entry has: one that replaces another of as many, dated before all tickets, shows nowhere.
    start = end - timedelta(minutes=die.randrange(1, 500))
    changes.log_time(world, die.choice(sorted(world.tickets)), fields, start=start, end=end, now=present())


def withdraw_time(world: World, die):
    if entry := one(die, world.work_hours):
        changes.withdraw_time(world, entry["WorkHoursID"], now=present(), bump=die.random() < 0.5)


def rename_customer(world: World, die):
    if customer := one(die, world.customers):
        name = f"Renamed {die.randrange(100)}"
        changes.update_customer(world, customer["CustomerID"], {"CustomerName": name}, now=present())


def add_customer(world: World, die):
    changes.create_customer(world, {"CustomerName": f"New {die.randrange(100)}"}, now=present())


def lose_customer(world: World, die):
    if customer := one(die, world.customers):
        changes.delete_customer(world, customer["CustomerID"])


def rename_contact(world: World, die):
    if person := one(die, world.contacts):
        fields = {"Firstname": die.choice(("Ana", "Bo")), "Phone": str(die.randrange(1000))}
        changes.update_contact(world, person["EndUserID"], fields, now=present())


def move_contact(world: World, die):
    if (person := one(die, world.contacts)) and (customer := one(die, world.customers)):
        fields = {"CustomerID": customer["CustomerID"]}
        changes.update_contact(world, person["EndUserID"], fields, now=present())


def archive_contact(world: World, die):
    if person := one(die, world.contacts):
        fields = {"Archived": not person["Archived"]}
        changes.update_contact(world, person["EndUserID"], fields, now=present())


def add_contact(world: World, die):
    if customer := one(die, world.customers):
        fields = {"CustomerID": customer["CustomerID"], "Email": f"n{die.randrange(10**6)}@new.example"}
        changes.create_contact(world, fields, now=present())


def lose_contact(world: World, die):
    if person := one(die, world.contacts):
        changes.delete_contact(world, person["EndUserID"])


def switch_machine(world: World, die):
    if machine := one(die, world.agents):
        online = not machine["Online"]
        changes.set_agent_online(world, machine["AgentID"], online=online, now=present())


def move_machine(world: World, die):
    if (machine := one(die, world.agents)) and (customer := one(die, world.customers)):
        to = customer["CustomerID"]
        changes.move_agent(world, machine["AgentID"], customer_id=to, folder_id=None, now=present())


def set_value(world: World, die):
    if machine := one(die, world.agents):
        text = die.choice(("", "2.0", "1.2"))
        changes.set_custom_value(world, "agentfield", machine["AgentID"], "TPM version", text)


def raise_alert(world: World, die):
    if (machine := one(die, world.agents)) and machine["CustomerID"] in world.customers:
        snoozed = die.choice((None, changes.stamp(present() + timedelta(days=1))))
        fields = {key: machine[key] for key in ("DeviceGuid", "CustomerID")}
        more = {"Title": f"Disk {die.randrange(10**6)}", "SnoozedEndDate": snoozed}
        changes.create_alert(world, {**fields, **more}, now=present())


def resolve_alert(world: World, die):
    if alert := one(die, world.alerts):
        changes.resolve_alert(world, alert["AlertID"], now=present())


def delete_alert(world: World, die):
    if alert := one(die, world.alerts):
        changes.delete_alert(world, alert["AlertID"])


def change_contract(world: World, die):
    if contract := one(die, world.contracts):
        fields = {"ContractName": die.choice(TEXTS[:2]), "Active": not contract["Active"]}
        changes.update_contract(world, contract["ContractID"], fields)


def change_article(world: World, die):
    article = one(die, world.knowledge_base)
    article.update({"KBContext": die.choice(TEXTS), "KBRating_Views": die.randrange(1000)})
    note(world, "knowledge_base", article["KBID"])


def change_fields(world: World, die):
    field = {
        "Name": f"Field {die.randrange(3)}",
        "DataType": "Text",
        "Target": "Ticket",
        "PossibleValues": [],
    }
    world.custom_fields[:] = [known for known in world.custom_fields if known["Name"] != field["Name"]]
    if die.random() < 0.7:
        world.custom_fields.append({**field, "ParentAttributeName": None})


EVENTS = (
    open_ticket,
    edit_ticket,
    move_ticket,
    delete_ticket,
    relate_tickets,
    answer,
    reply,
    hand_over_ticket,
    log_time,
    withdraw_time,
    rename_customer,
    add_customer,
    lose_customer,
    rename_contact,
    move_contact,
    archive_contact,
    add_contact,
    lose_contact,
    switch_machine,
    move_machine,
    set_value,
    raise_alert,
    resolve_alert,
    delete_alert,
    change_contract,
    change_article,
    change_fields,
)

SILENT = (edit_comment,)
"""Events that show after a month at the latest, as nothing tells of them."""
TOLD = (
    open_ticket,
    edit_ticket,
    move_ticket,
    delete_ticket,
    answer,
    reply,
    add_customer,
    add_contact,
)
"""Events that an ordinary cycle finds; others wait for a slower lane."""


def happen(world: World, die, times, events=EVENTS):
    """Let some of the events happen, chosen by the die."""
    for _ in range(times):
        die.choice(events)(world, die)
