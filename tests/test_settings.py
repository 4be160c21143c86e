import pytest

from helpdesk_mcp.settings import SettingsError, describe, load


def test_a_variable_sets_its_setting():
    assert load({"HELPDESK_SYNC_EVERY_S": "60"}).sync_every_s == 60


def test_a_secret_can_come_from_a_file_and_is_not_shown(tmp_path):
    (tmp_path / "token").write_text("s3cret\n")
    settings = load({"HELPDESK_ATERA_TOKEN_FILE": str(tmp_path / "token")})
    assert settings.atera_token.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize("value", ["", "   ", "${user_config.engineer}"])
def test_blank_and_unfilled_values_count_as_unset(value):
    assert load({"HELPDESK_ENGINEER": value}).engineer is None


def test_the_command_line_wins_over_the_environment(tmp_path):
    assert load({"HELPDESK_DATA_DIR": "/elsewhere"}, data_dir=tmp_path).data_dir == tmp_path


def test_every_wrong_setting_is_told_in_one_sentence_without_its_value():
    with pytest.raises(SettingsError) as caught:
        load({"HELPDESK_PROFILE": "tiny-hunter2", "HELPDESK_TIME_ZONE": "Mars"})
    assert str(caught.value) == (
        "HELPDESK_PROFILE cannot be used: Input should be 'full' or 'small'.\n"
        "HELPDESK_TIME_ZONE cannot be used: 'Mars' is no time zone; use an IANA name such as Europe/Berlin."
    )


def test_a_secret_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(
        SettingsError, match="HELPDESK_ATERA_TOKEN_FILE names the file .* cannot be read: No such file"
    ):
        load({"HELPDESK_ATERA_TOKEN_FILE": str(tmp_path / "none")})


def test_every_setting_is_described():
    assert all(meaning for _, _, meaning in describe())
