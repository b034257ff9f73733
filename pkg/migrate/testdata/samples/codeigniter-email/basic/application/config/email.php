$config['protocol']  = 'smtp';
$config['smtp_host'] = 'smtp.office365.com';
$config['smtp_port'] = 587;
$config['smtp_user'] = 'alerts@contoso.example';
$config['smtp_pass'] = 'Example-Pa55word';
$config['smtp_crypto'] = 'tls';
