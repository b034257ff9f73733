INSERT INTO phpbb_config (config_name, config_value) VALUES ('smtp_delivery', '1');
INSERT INTO phpbb_config (config_name, config_value) VALUES ('smtp_host', 'smtp.office365.com');
INSERT INTO phpbb_config (config_name, config_value, is_dynamic) VALUES ('smtp_username', 'forum@contoso.example', 1);
INSERT INTO phpbb_config (config_name, config_value, is_dynamic) VALUES ('smtp_password', 'Example-Pa55word', 1);
