"""Words of helpdesk texts, the frequent ones first, and words whose frequency a search can rely on."""

COMMON_WORDS = (
    "the not to and on is for with user printer outlook error login password email cannot open network slow drive computer "
    "screen vpn laptop windows update server file access teams monitor install phone connection account office internet "
    "backup new reset print wifi scanner folder share license onedrive excel disk keyboard mouse sound camera browser chrome "
    "sharepoint mailbox calendar signature spam phishing virus firewall switch router domain certificate driver bios battery "
    "charger docking headset offline restart crash freeze blue loading permission denied timeout unreachable locked expired"
)

RARE_WORD = "xenolith"
"""In 40 of a million tickets and some comments."""
MID_WORD = "midway"
"""In one of 200 tickets."""
COMMON_WORD = "printer"
"""In most texts."""
ABSENT_WORD = "qwzxvk"
"""In none."""
