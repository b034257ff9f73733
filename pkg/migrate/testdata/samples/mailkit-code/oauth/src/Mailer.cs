await client.ConnectAsync("smtp.office365.com", 587, SecureSocketOptions.StartTls);
await client.AuthenticateAsync(new SaslMechanismOAuth2("alerts@contoso.example", token));
