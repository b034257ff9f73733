import smtplib
with smtplib.SMTP("smtp.office365.com", 587) as s:
    s.starttls()
    s.login("alerts@contoso.example", "Example-Pa55word")
    s.send_message(msg)
