curl --ssl-reqd --url smtp://smtp.office365.com:587 --user alerts@contoso.example \
  --oauth2-bearer "$(o365mail token)" --mail-from alerts@contoso.example --mail-rcpt ops@contoso.example -T mail.txt
