export POP_SMTP_HOST="smtp.office365.com"
export POP_SMTP_PORT=587
export POP_SMTP_USERNAME="jane@contoso.example"
export POP_SMTP_PASSWORD="Example-Pa55word"
