"""Printers, scanners and labels."""

from atera_simulator.seed.issues.model import Issue

PRINTING = (
    Issue(
        key="label-printer-blank",
        topic="Printing",
        titles=("Label printer prints blank labels", "Zebra in the warehouse: labels come out white", "Shipping labels empty again"),
        symptoms=(
            "Since this morning all labels from the Zebra at packing station 2 come out white. We already changed the roll.\n\nThe driver picks up at 14:00, so we need this today.",
            "The label printer feeds normally but nothing is printed on the labels. The other station works with the same roll.",
        ),
        questions=(
            "Is the shiny side of the label facing the print head? Please also run the self test: hold the feed button until it blinks twice.",
            "Which roll did you put in last: the thermal direct one (article 4402) or the one that needs a ribbon?",
        ),
        answers=(
            "Still blank after the power cycle, and the self test is blank as well.",
            "It is the new roll from the other supplier. The old ones are used up.",
        ),
        findings=("Self test blank, so not the driver. Head at 2.1 million labels, spare GK420d head in stock B3.",),
        fixes=(
            "The print head was worn. I fitted a new one from our stock, set darkness to 18 and printed a test series from the shipping client. Labels are readable and the scanner reads the code.",
            "The new roll needs a ribbon, the printer is set to direct thermal. I swapped it for article 4402 and corrected the order template so that purchasing gets the right one next time.",
        ),
        weight=5,
        on_site=0.6,
    ),
    Issue(
        key="printer-offline",
        topic="Printing",
        titles=("Printer on floor 2 shows offline", "Cannot print: Kyocera offline", "Network printer gone after the weekend"),
        symptoms=(
            "The printer next to the kitchen shows as offline on all our computers. The display of the printer itself looks normal.",
            "Nobody in our team can print since Monday. Jobs stay in the queue with status error.",
        ),
        questions=("Can you read me the IP address from the printer's display (Menu, Network, TCP/IP)?",),
        answers=("It says 169.254.18.7. Does that help?",),
        findings=("APIPA address: no DHCP lease. Reservation exists for the old MAC, board was swapped by the vendor last week.",),
        fixes=(
            "The printer got a new network board and therefore a new MAC address. I updated its DHCP reservation, the printer has its old address again and all stuck jobs were printed.",
        ),
        weight=7,
        on_site=0.2,
    ),
)  # fmt: skip
