/tool e-mail
set from=router@contoso.example server=smtp.office365.com port=587 tls=starttls user=router@contoso.example password=Example-Pa55word
