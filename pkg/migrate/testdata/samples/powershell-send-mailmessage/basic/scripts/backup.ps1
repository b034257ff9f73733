$pw   = ConvertTo-SecureString 'Example-Pa55word' -AsPlainText -Force
$cred = New-Object System.Management.Automation.PSCredential('alerts@contoso.example', $pw)
Send-MailMessage -SmtpServer smtp.office365.com -Port 587 -UseSsl -Credential $cred `
  -From alerts@contoso.example -To ops@contoso.example -Subject 'Backup' -Body 'done'
