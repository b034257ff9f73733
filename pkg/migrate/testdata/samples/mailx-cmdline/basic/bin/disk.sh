echo "disk full" | mailx -s "alert" -S smtp=smtp://smtp.office365.com:587 -S smtp-use-starttls \
  -S smtp-auth=login -S smtp-auth-user=alerts@contoso.example -S smtp-auth-password=Example-Pa55word ops@contoso.example
