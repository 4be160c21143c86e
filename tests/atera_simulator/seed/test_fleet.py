import json
from datetime import datetime, timedelta


def drives(agent):
    return [row["Drive"] for row in agent["HardwareDisks"] or ()]


def total(agent, drive):
    return next((row["Total"] for row in agent["HardwareDisks"] or () if row["Drive"] == drive), None)


def some(world, condition):
    return any(condition(agent) for agent in world.agents.values())


def test_a_volume_is_listed_two_or_three_times(demo):
    counts = {drives(agent).count("C:") for agent in demo.agents.values()}
    assert {1, 2, 3} <= counts


def test_an_empty_drive_occurs(demo):
    assert some(demo, lambda agent: "" in drives(agent))


def test_a_system_drive_is_missing_from_the_disks(demo):
    assert some(
        demo, lambda agent: drives(agent) and agent["SystemDrive"] == "C:" and "C:" not in drives(agent)
    )


def test_a_machine_has_no_disks_at_all(demo):
    assert some(demo, lambda agent: agent["HardwareDisks"] is None)


def test_four_gigabytes_are_reported_low(demo):
    assert some(demo, lambda agent: agent["Memory"] is not None and 3700 <= agent["Memory"] < 4000)


def test_three_gigabytes_occur(demo):
    assert some(demo, lambda agent: agent["Memory"] is not None and 2900 <= agent["Memory"] < 3100)


def test_memory_is_zero_or_absent(demo):
    assert {0, None} <= {agent["Memory"] for agent in demo.agents.values()}


def test_a_64_gb_emmc_shows_less(demo):
    assert some(
        demo, lambda agent: (total(agent, "C:") or 0) / 1024 > 57 and (total(agent, "C:") or 0) / 1024 < 59
    )


def test_a_small_system_volume_stands_beside_a_big_one(demo):
    assert some(
        demo, lambda agent: (total(agent, "C:") or 10**6) < 53248 and (total(agent, "D:") or 0) > 500000
    )


def test_a_processor_is_empty(demo):
    assert {"", None} <= {agent["Processor"] for agent in demo.agents.values()}


def test_processor_names_carry_runs_of_blanks(demo):
    assert some(demo, lambda agent: (agent["Processor"] or "").endswith("  "))


def test_a_hypervisor_names_its_own_processor(demo):
    names = {agent["Processor"] for agent in demo.agents.values()}
    assert names & {"QEMU Virtual CPU version 2.5+", "Common KVM processor"}
    assert some(demo, lambda agent: agent["Vendor"] == "QEMU" and "Windows 10" in agent["OS"])


def test_serials_are_left_as_placeholders(demo):
    assert some(demo, lambda agent: agent["VendorSerialNumber"] == "To be filled by O.E.M.")


def test_a_folder_is_null(demo):
    assert some(demo, lambda agent: agent["FolderID"] is None and agent["FolderName"] is None)


def test_systems_of_the_hebrew_customer_carry_a_bidi_mark(demo):
    assert some(demo, lambda agent: agent["OS"].startswith("\u200fMicrosoft Windows"))


def test_a_machine_has_been_offline_for_months(demo, now):
    assert some(demo, lambda agent: now - datetime.fromisoformat(agent["LastSeen"]) > timedelta(days=90))


def test_a_machine_that_is_online_was_not_rebooted_for_90_days(demo, now):
    edge = now - timedelta(days=90)
    assert some(
        demo, lambda agent: agent["Online"] and datetime.fromisoformat(agent["LastRebootTime"]) < edge
    )


def test_old_and_long_term_editions_occur(demo):
    systems = " ".join({agent["OS"] for agent in demo.agents.values()})
    for name in (
        "Windows 7",
        "Windows 8.1",
        "LTSC",
        "IoT Enterprise",
        "Home",
        "x86",
        "ARM64",
        "Ubuntu",
        "macOS",
    ):
        assert name in systems, name


def test_every_windows_build_of_interest_occurs(demo):
    builds = {(agent["OSBuild"] or "").split(".")[0] for agent in demo.agents.values()}
    assert {
        "19045",
        "22621",
        "22631",
        "26100",
        "26200",
        "26300",
        "28000",
        "17763",
        "20348",
        "14393",
    } <= builds


def test_servers_share_builds_with_clients(demo):
    classes = {}
    for agent in demo.agents.values():
        classes.setdefault(agent["OSBuild"].split(".")[0], set()).add(agent["OSType"] == "Work Station")
    assert classes["26100"] == {True, False}
    assert classes["17763"] == {True, False}


def test_device_classes_are_those_of_atera(demo):
    assert {agent["OSType"] for agent in demo.agents.values()} == {
        "Work Station",
        "Server",
        "Domain Controller",
        "Mac",
    }


def test_virtual_machines_of_three_makers_occur(demo):
    assert some(demo, lambda agent: agent["Vendor"].startswith("VMware"))
    assert some(
        demo,
        lambda agent: (
            agent["ProductName"] == "Virtual Machine" and agent["Vendor"] == "Microsoft Corporation"
        ),
    )
    assert some(demo, lambda agent: agent["Vendor"] == "QEMU")


def test_windows_11_runs_on_hardware_that_is_not_supported(demo):
    assert some(demo, lambda agent: "i5-6500" in (agent["Processor"] or "") and "Windows 11" in agent["OS"])


def test_most_machines_with_old_processors_still_run_windows_10(demo):
    old = [agent["OS"] for agent in demo.agents.values() if "i5-7200U" in (agent["Processor"] or "")]
    assert sum("Windows 10" in system for system in old) > len(old) / 2


def test_names_that_do_not_decide_occur(demo):
    names = " ".join(agent["Processor"] or "" for agent in demo.agents.values())
    assert (
        sum(part in names for part in ("Ryzen 5 1600", "Ryzen 3 1200", "i3-7020U", "Athlon 3000G", "7820HQ"))
        >= 3
    )


def test_machine_names_repeat_across_customers(demo):
    owners = {agent["CustomerID"] for agent in demo.agents.values() if agent["MachineName"] == "RECEPTION-PC"}
    assert len(owners) > 1


def test_one_machine_has_a_second_stale_record(world):
    seen = {}
    for agent in world.agents.values():
        seen.setdefault((agent["CustomerID"], agent["MachineName"], agent["VendorSerialNumber"]), []).append(
            agent
        )
    pairs = [group for group in seen.values() if len(group) == 2]
    assert len(pairs) == 1
    assert len({agent["DeviceGuid"] for agent in pairs[0]}) == 2


def test_batteries_are_in_notebooks_only(demo):
    assert some(demo, lambda agent: agent["BatteryInfo"] and agent["BatteryInfo"]["BatteryHealth"] < 60)
    assert not some(demo, lambda agent: agent["BatteryInfo"] and agent["DeviceType"] == "Server")


def test_device_guids_are_unique_and_stand_in_the_link(world):
    guids = {agent["DeviceGuid"] for agent in world.agents.values()}
    assert len(guids) == len(world.agents)
    assert all(agent["DeviceGuid"] in agent["AppViewUrl"] for agent in world.agents.values())


def test_about_half_of_the_machines_have_facts_and_some_are_broken(demo):
    described = {item for kind, item in demo.custom_values if kind == "agentfield"}
    assert 0.45 < len(described) / len(demo.agents) < 0.65
    lines = [
        values["Win11 facts"]["ValueAsString"]
        for (kind, _), values in demo.custom_values.items()
        if kind == "agentfield" and "Win11 facts" in values
    ]
    whole = []
    for line in lines:
        try:
            whole.append(json.loads(line))
        except ValueError:
            continue
    assert 0 < len(whole) < len(lines)
    facts = next(line for line in whole if line)
    assert set(facts) == {
        "v",
        "at",
        "cpu",
        "fms",
        "arch",
        "lp",
        "mhz",
        "ram",
        "tpm",
        "sb",
        "fw",
        "disk",
        "media",
        "bus",
        "sys",
        "mui",
    }


def test_readiness_lines_give_both_verdicts(demo):
    lines = " ".join(
        values["HardwareReadiness"]["ValueAsString"]
        for values in demo.custom_values.values()
        if "HardwareReadiness" in values
    )
    assert '"returnResult": "CAPABLE"' in lines
    assert '"returnResult": "NOT CAPABLE"' in lines


def test_tpm_and_secure_boot_are_spelled_in_several_ways(demo):
    def spellings(name):
        return {values[name]["ValueAsString"] for values in demo.custom_values.values() if name in values}

    assert {"2.0", "2.0, 0, 1.38", "1.2", "n/a"} <= spellings("TPM version")
    assert {"True", "on", "Enabled", "False"} <= spellings("Secure Boot")


def test_readiness_lines_judge_processors_as_microsoft_does(demo, microsoft_verdicts):
    judged = 0
    for (kind, item), values in demo.custom_values.items():
        line = values["HardwareReadiness"]["ValueAsString"] if "HardwareReadiness" in values else ""
        verdict = microsoft_verdicts.get(demo.agents[item]["Processor"]) if kind == "agentfield" else None
        if line.endswith("}") and "logging" in line and verdict in {"yes", "no"}:
            judged += 1
            assert ("Processor, " not in json.loads(line)["returnReason"]) == (verdict == "yes")
    assert judged > 20
