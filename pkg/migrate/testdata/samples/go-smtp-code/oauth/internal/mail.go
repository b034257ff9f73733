c, _ := mail.NewClient("smtp.office365.com", mail.WithSMTPAuth(mail.SMTPAuthXOAUTH2), mail.WithUsername(u), mail.WithPassword(token))
