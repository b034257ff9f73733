$mail->Host = 'smtp.office365.com';
$mail->AuthType = 'XOAUTH2';
