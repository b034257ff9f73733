$CFG->smtphosts = 'smtp.office365.com:587';
$CFG->smtpauthtype = 'XOAUTH2';
