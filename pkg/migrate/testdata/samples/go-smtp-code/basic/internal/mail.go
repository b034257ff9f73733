d := gomail.NewDialer("smtp.office365.com", 587, "alerts@contoso.example", "Example-Pa55word")
if err := d.DialAndSend(m); err != nil {
    panic(err)
}
