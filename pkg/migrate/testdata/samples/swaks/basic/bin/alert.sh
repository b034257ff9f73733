#!/bin/sh
swaks --server smtp.office365.com --port 587 --tls --auth LOGIN \
  --auth-user alerts@contoso.example --auth-password Example-Pa55word \
  --from alerts@contoso.example --to ops@contoso.example --header "Subject: test"
