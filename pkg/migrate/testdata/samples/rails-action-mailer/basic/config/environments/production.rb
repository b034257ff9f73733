config.action_mailer.delivery_method = :smtp
config.action_mailer.smtp_settings = {
  address: "smtp.office365.com",
  port: 587,
  user_name: "alerts@contoso.example",
  password: "Example-Pa55word",
  authentication: :login,
  enable_starttls_auto: true
}
