MAIL_SERVER = "smtp.office365.com"
MAIL_PORT = 587
MAIL_USE_TLS = True
MAIL_USERNAME = "alerts@contoso.example"
MAIL_PASSWORD = "Example-Pa55word"
