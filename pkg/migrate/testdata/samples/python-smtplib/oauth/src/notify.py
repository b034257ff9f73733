with smtplib.SMTP("smtp.office365.com", 587) as s:
    s.starttls()
    s.auth("XOAUTH2", lambda challenge=None: f"user={u}\x01auth=Bearer {token}\x01\x01")
