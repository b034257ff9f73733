$wgSMTP = [
    'host'     => 'smtp.office365.com',
    'IDHost'   => 'contoso.example',
    'port'     => 587,
    'auth'     => true,
    'username' => 'wiki@contoso.example',
    'password' => 'Example-Pa55word'
];
