bin/magento config:set system/smtp/transport smtp
bin/magento config:set system/smtp/host smtp.office365.com
bin/magento config:set system/smtp/port 587
bin/magento config:set system/smtp/ssl tls
bin/magento config:set system/smtp/auth login
bin/magento config:set system/smtp/username shop@contoso.example
bin/magento config:set system/smtp/password Example-Pa55word
