curl --ssl-reqd --url smtp://smtp.office365.com:587 \
  --user 'alerts@contoso.example:Example-Pa55word' \
  --mail-from alerts@contoso.example --mail-rcpt ops@contoso.example -T mail.txt
