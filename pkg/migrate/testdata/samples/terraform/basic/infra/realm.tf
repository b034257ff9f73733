resource "keycloak_realm" "contoso" {
  realm = "contoso"
  smtp_server {
    host     = "smtp.office365.com"
    port     = "587"
    starttls = true
    from     = "alerts@contoso.example"
    auth {
      username = "alerts@contoso.example"
      password = "Example-Pa55word"
    }
  }
}
