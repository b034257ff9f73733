$CFG->smtphosts = 'smtp.office365.com:587';
$CFG->smtpsecure = 'tls';
$CFG->smtpauthtype = 'LOGIN';
$CFG->smtpuser = 'lms@contoso.example';
$CFG->smtppass = 'Example-Pa55word';
