using var client = new SmtpClient();
await client.ConnectAsync("smtp.office365.com", 587, SecureSocketOptions.StartTls);
await client.AuthenticateAsync("alerts@contoso.example", "Example-Pa55word");
await client.SendAsync(message);
