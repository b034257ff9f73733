midclt call mail.update '{"fromemail": "nas@contoso.example", "outgoingserver": "smtp.office365.com",
  "port": 587, "security": "TLS", "smtp": true, "user": "nas@contoso.example", "pass": "Example-Pa55word"}'
