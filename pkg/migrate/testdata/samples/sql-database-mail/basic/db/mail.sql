EXEC msdb.dbo.sysmail_add_account_sp
  @account_name = N'office', @email_address = N'sql@contoso.example',
  @mailserver_name = N'smtp.office365.com', @port = 587, @enable_ssl = 1,
  @username = N'sql@contoso.example', @password = N'Example-Pa55word';
